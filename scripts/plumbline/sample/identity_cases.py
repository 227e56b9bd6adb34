"""Cases of personal identity that are hard to decide, planted on purpose."""

from __future__ import annotations

from itertools import pairwise

from plumbline.sample.people import (
    make_contact,
    make_lead,
    make_marketing_lead,
    moment,
    new_person,
    pick_account,
)
from plumbline.sample.settings import DAY, END, ROLE_MAILBOXES, START
from plumbline.sample.world import Block, Company, Person


def plant_identity_cases(block: Block) -> None:
    """The cases that are hard to decide; `README.md` in this folder lists them with their evidence."""
    plain = [company for company in block.companies if company.stratum == "plain" and company.kind == "account"]
    plants = (
        (_job_change, 6),
        (_job_change_synced, 3),
        (_recycled_address, 3),
        (_role_mailbox, 4),
        (_twin_contacts, 4),
        (_merged_contacts, 5),
        (_merge_ring, 1),
        (_reseller_filed_at_customer, 2),
        (_deleted_contact, 6),
    )
    for plant, per_block in plants:
        for _ in range(block.some(per_block)):
            plant(block, block.r.choice(plain))
    for _ in range(block.some(60)):
        _anonymous(block, block.r.choice(plain))
    _merge_marketing_leads(block)


def _anonymous(block: Block, company: Company) -> None:
    person = new_person(block, company, email="", stratum="anonymous")
    person.email = None
    make_marketing_lead(block, person, moment(block, person, 5))


def _successor(block: Block, person: Person, company: Company) -> Person:
    """The same human at the next employer."""
    after = new_person(block, company, stratum="job_change")
    after.id, after.first, after.last = person.id, person.first, person.last
    after.first_at = min(max(after.first_at, person.first_at + 90 * DAY), END - 40 * DAY)
    after.email = f"{after.first}.{after.last}.{after.number:x}@{company.mail_domain}".lower()
    return after


def _other(block: Block, company: Company) -> Company:
    plain = [
        other
        for other in block.companies
        if other.stratum == "plain" and other.kind == "account" and other is not company
    ]
    return block.r.choice(plain)


def _job_change(block: Block, company: Company) -> None:
    """A new contact with a new address at the next employer; no raw row says that it is the same human."""
    person = new_person(block, company, stratum="job_change")
    old = make_contact(block, person, person.first_at)
    make_marketing_lead(block, person, person.first_at, old)
    after = _successor(block, person, _other(block, company))
    new = make_contact(block, after, after.first_at)
    if block.r.random() < 0.6:
        make_marketing_lead(block, after, after.first_at, new)
    block.person_pairs.append((old, new, True, "none", False))


def _job_change_synced(block: Block, company: Company) -> None:
    """The marketing lead keeps the old address while the sync already points to the new contact."""
    person = new_person(block, company, stratum="job_change")
    old = make_contact(block, person, person.first_at)
    after = _successor(block, person, _other(block, company))
    new = make_contact(block, after, after.first_at)
    synced = make_marketing_lead(block, person, person.first_at, new)
    block.person_pairs.append((old, new, True, "none", False))
    block.person_pairs.append((synced, old, True, "email", False))


def _recycled_address(block: Block, company: Company) -> None:
    """A leaver's address went to a successor; the leaver's marketing lead has it too, and the leaver's id."""
    leaver = new_person(block, company, stratum="recycled_address")
    left = make_contact(block, leaver, leaver.first_at)
    marketing = make_marketing_lead(block, leaver, leaver.first_at, left)
    heir = new_person(block, company, email=leaver.email, stratum="recycled_address")
    taken = make_contact(block, heir, min(max(heir.first_at, leaver.first_at + 90 * DAY), END - 9 * DAY), left.account)
    left.email = None
    block.person_pairs.append((marketing, taken, False, "email", False))
    block.person_pairs.append((left, taken, False, "none", False))


def _role_mailbox(block: Block, company: Company) -> None:
    """Two humans behind one role address."""
    if company.mail_domain is None:
        return
    address = f"{block.r.choice(ROLE_MAILBOXES)}@{company.mail_domain}"
    if any(person.email == address for person in company.people):
        return
    first = new_person(block, company, email=address, stratum="role_address")
    second = new_person(block, company, email=address, stratum="role_address")
    contact = make_contact(block, first, first.first_at)
    lead = make_lead(block, second, moment(block, second, 10))
    marketing = make_marketing_lead(block, second, lead.created, lead)
    block.person_pairs.append((contact, lead, False, "role_address", False))
    block.person_pairs.append((contact, marketing, False, "role_address", False))


def _twin_contacts(block: Block, company: Company) -> None:
    """Two live contacts of one human with one address: one CRM object says two, so it stays open."""
    person = new_person(block, company, stratum="twin_contacts")
    first = make_contact(block, person, person.first_at)
    make_contact(block, person, min(first.created + 40 * DAY, END - 5 * DAY), first.account)


def _merged_contacts(block: Block, company: Company) -> None:
    """Contacts merged, one in two in a chain."""
    person = new_person(block, company, stratum="merge_chain")
    records = [make_contact(block, person, person.first_at)]
    for _ in range(block.r.randint(1, 2)):
        twin = make_contact(block, person, min(records[-1].created + 11 * DAY, END - 9 * DAY), records[0].account)
        if twin.email and block.r.random() < 0.5:
            twin.email = twin.email.replace("@", f".{len(records)}@")
        records.append(twin)
    for place, (loser, winner) in enumerate(pairwise(records)):
        loser.master = winner
        loser.merged_at = min(records[-1].created + (7 + 9 * place) * DAY, END - (4 - place) * 3600)


def _merge_ring(block: Block, company: Company) -> None:
    """Two contacts, each of which the CRM states to be merged into the other: no record of the person is left."""
    person = new_person(block, company, stratum="merge_ring")
    first = make_contact(block, person, person.first_at)
    second = make_contact(block, person, min(first.created + 11 * DAY, END - 9 * DAY), first.account)
    first.master, first.merged_at = second, second.created + 3 * DAY
    second.ring_to, second.deleted_at = first, first.merged_at + DAY


def _reseller_filed_at_customer(block: Block, company: Company) -> None:
    """A reseller's employee filed at the customer: the CRM says one company, the domain another."""
    sellers = [other for other in block.companies if other.kind == "reseller"]
    person = new_person(block, block.r.choice(sellers), stratum="reseller")
    make_contact(block, person, person.first_at, pick_account(block, company))


def _deleted_contact(block: Block, company: Company) -> None:
    """A contact in the recycle bin, and nothing else of that person."""
    person = new_person(block, company, stratum="deleted")
    contact = make_contact(block, person, person.first_at)
    contact.deleted_at = min(max(contact.created, START) + int(block.r.uniform(20, 300) * DAY), END - DAY)


def _merge_marketing_leads(block: Block) -> None:
    """Marketing leads merged (chains too) or deleted: their rows are gone, only activities tell."""
    r = block.r
    candidates = [
        record
        for record in block.records
        if record.system == "marketo"
        and record.explicit
        and record.stratum in ("plain", "conversion")
        and START <= record.created < END - 200 * DAY
    ]
    r.shuffle(candidates)
    merges, deletes = block.some(10), block.some(6)
    for winner in candidates[:merges]:
        loser = make_marketing_lead(block, winner.person, winner.created + 3 * DAY)
        losers = [loser]
        if r.random() < 0.4:
            first = make_marketing_lead(block, winner.person, winner.created + 2 * DAY)
            first.master, first.merged_at = loser, loser.created + 20 * DAY
            losers.append(first)
        loser.master, loser.merged_at = winner, loser.created + 60 * DAY
        for record in losers:
            record.is_present, record.stratum = False, "merge_chain"
            record.email = record.email if r.random() < 0.5 else None
    for record in candidates[merges : merges + deletes]:
        record.is_present, record.explicit = False, []
        record.deleted_at = record.created + int(r.uniform(30, 150) * DAY)
