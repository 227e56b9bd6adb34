"""People and their records: contacts, leads and marketing leads, with the difficulties of identity planted."""

from __future__ import annotations

from plumbline.sample.names import TITLES, person_name
from plumbline.sample.settings import DAY, END, FREE_MAIL, ROLE_MAILBOXES, START
from plumbline.sample.world import Account, Block, Company, Person, Record

_SOURCES = ("Web", "Webinar", "Trade Show", "Referral", "Content", "Outbound", "Partner")
_LEAD_STATUSES = ("New", "Working", "Nurture", "Disqualified")


def make_people(block: Block) -> None:
    """Fills people and records of all companies."""
    for company in block.companies:
        for _ in range(_head_count(block, company)):
            person = new_person(block, company)
            if company.kind == "prospect":
                _unknown_company_records(block, person)
            else:
                _records(block, person)


def _head_count(block: Block, company: Company) -> int:
    if company.kind == "prospect":
        return 1 + int(block.r.random() * 2.4)
    size = 2.2 + min(3.5, company.employees / 900)
    return max(3 if company.stratum != "plain" else 2, int(block.r.gauss(size + 2.0, 1.5)))


def new_person(
    block: Block, company: Company, email: str | None = None, stratum: str | None = None
) -> Person:
    """A new human at a company, with an address of the company's domain or of free mail."""
    r = block.r
    first, last = person_name(r)
    number = block.number * 20_000 + len(block.people)
    started = max(START - 300 * DAY, company.first_at)
    first_at = int(started + (END - 40 * DAY - started) * r.random() ** 1.6)
    label = company.stratum
    if email is None:
        email, uses_free_mail = _address(block, company, first, last, number, first_at)
        if uses_free_mail and label == "plain":
            label = "free_mail"
    title, _ = TITLES[int(r.random() * len(TITLES))]
    person = Person(
        id=f"person-{number}",
        company=company,
        first=first,
        last=last,
        email=email,
        title=title,
        stratum=stratum or label,
        first_at=first_at,
        affinity=r.betavariate(1.6, 3.2),
        interest=min(1.0, max(0.02, 0.35 + 0.16 * company.need + r.gauss(0, 0.15))),
        phone=f"+1 555 01{number % 100:02d} {number:06d}",
    )
    company.people.append(person)
    block.people.append(person)
    return person


def _address(
    block: Block, company: Company, first: str, last: str, number: int, first_at: int
) -> tuple[str, bool]:
    r = block.r
    if company.mail_domain is None or r.random() < 0.045:
        local = f"{first[0]}{last[:3]}.x{number:x}{r.randint(10, 99)}".lower()
        return f"{local}@{r.choice(FREE_MAIL)}", True
    domain = company.mail_domain
    if company.rebranded_at is not None and company.former_domain and first_at < company.rebranded_at:
        domain = company.former_domain
    if r.random() < 0.03:
        domain = f"{r.choice(('eu', 'mail', 'us'))}.{domain}"
    return f"{first}.{last}.{number % 1000}@{domain}".lower(), False


def _moment(block: Block, person: Person, most_days: float) -> int:
    """An instant some days after the person turned up, in office hours."""
    day = min(person.first_at // DAY + int(block.r.random() * most_days), END // DAY - 3)
    return day * DAY + int(block.r.uniform(8, 17) * 3600)


def pick_account(block: Block, company: Company) -> Account:
    """The account record on which colleagues would file a person: a live one, or one that was merged away later."""
    live = company.live_accounts
    merged = [account for account in company.accounts if account.master is not None]
    if merged and block.r.random() < 0.4:
        return block.r.choice(merged)
    return block.r.choice(live or company.accounts)


def make_contact(block: Block, person: Person, created: int, account: Account | None = None) -> Record:
    """A Salesforce contact of the person."""
    filed = account or pick_account(block, person.company)
    record = Record(
        "salesforce",
        "contact",
        block.ids.salesforce("003"),
        person,
        max(created, filed.created + 3600),
        person.email,
        person.stratum,
        account=filed,
        source=block.r.choice(_SOURCES),
    )
    record.owner = filed.owner
    return _keep(block, record)


def make_lead(block: Block, person: Person, created: int) -> Record:
    """A Salesforce lead of the person, not converted."""
    r = block.r
    record = Record(
        "salesforce",
        "lead",
        block.ids.salesforce("00Q"),
        person,
        created,
        person.email,
        person.stratum,
        company_text=person.company.name,
        source=r.choice(_SOURCES),
    )
    record.owner = r.choice(block.team["sdr"])
    record.status = r.choices(_LEAD_STATUSES, (3, 4, 3, 2))[0]
    return _keep(block, record)


def make_marketing_lead(block: Block, person: Person, created: int, target: Record | None = None) -> Record:
    """A Marketo lead; `target` is the Salesforce record whose id the sync wrote on it."""
    number = block.ids.number("marketing_lead", 4_300_000_000, 1_000_000)
    record = Record(
        "marketo",
        "lead",
        str(number),
        person,
        created,
        person.email,
        person.stratum,
        number=number,
        company_text=person.company.name,
        source=block.r.choice(_SOURCES),
    )
    if target is not None:
        record.explicit.append((target, "explicit_id"))
        record.sync_account = target.kind == "contact" and block.r.random() < 0.9
    return _keep(block, record)


def convert(block: Block, lead: Record, when: int, contact: Record) -> None:
    """Converts a lead into an existing contact record."""
    lead.converted_at, lead.converted_to, lead.status = when, contact, "Qualified"
    lead.account = contact.account
    lead.explicit.append((contact, "explicit_id"))
    if lead.stratum == "plain":
        lead.stratum = contact.stratum = "conversion"


def _keep(block: Block, record: Record) -> Record:
    record.person.records.append(record)
    block.records.append(record)
    return record


def _records(block: Block, person: Person) -> None:
    """Records of a person whose company has an account."""
    r = block.r
    when = _moment(block, person, 30)
    way = r.random()
    target: Record | None
    if way < 0.40:
        target = make_contact(block, person, when)
    elif way < 0.66:
        lead = make_lead(block, person, when)
        converted = min(when + int(r.uniform(2, 60) * DAY), END - DAY)
        target = make_contact(block, person, converted)
        convert(block, lead, target.created, target)
        if r.random() < 0.10 and target.created < END - 60 * DAY:
            again = make_lead(block, person, int(r.uniform(target.created + 5 * DAY, END - DAY)))
            if again.stratum == "plain":
                again.stratum = "conversion"
        if r.random() < 0.3:
            target = r.choice((lead, target))
    elif way < 0.88:
        target = make_lead(block, person, when)
        _maybe_merged_lead(block, person, target)
    else:
        make_marketing_lead(block, person, when)
        return
    if r.random() < 0.86:
        created = when if target.kind == "lead" else max(when, START - 200 * DAY)
        make_marketing_lead(block, person, created, target if r.random() < 0.86 else None)


def _maybe_merged_lead(block: Block, person: Person, lead: Record) -> None:
    if block.r.random() < 0.03:
        twin = make_lead(block, person, min(lead.created + 9 * DAY, END - 2 * DAY))
        lead.master, lead.merged_at = twin, min(twin.created + 12 * DAY, END - DAY)


def _unknown_company_records(block: Block, person: Person) -> None:
    """Someone from a company that has no account: a lead, a marketing lead, or both."""
    when = _moment(block, person, 20)
    way = block.r.random()
    if way < 0.45:
        make_marketing_lead(block, person, when)
        return
    lead = make_lead(block, person, when)
    if way < 0.9:
        make_marketing_lead(block, person, when, lead if block.r.random() < 0.85 else None)


def plant_identity_cases(block: Block) -> None:
    """The cases that are hard to decide; `README.md` in this folder lists them with their evidence."""
    plain = [
        company for company in block.companies if company.stratum == "plain" and company.kind == "account"
    ]
    plants = (
        (_job_change, 6),
        (_job_change_synced, 3),
        (_recycled_address, 3),
        (_role_mailbox, 4),
        (_twin_contacts, 4),
        (_merged_contacts, 5),
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
    make_marketing_lead(block, person, _moment(block, person, 5))


def _successor(block: Block, person: Person, company: Company) -> Person:
    """The same human at the next employer."""
    after = new_person(block, company, stratum="job_change")
    after.id, after.first, after.last = person.id, person.first, person.last
    after.first_at = min(max(after.first_at, person.first_at + 90 * DAY), END - 40 * DAY)
    if company.mail_domain:
        after.email = f"{after.first}.{after.last}.{len(block.people) % 1000}@{company.mail_domain}".lower()
    return after


def _other(block: Block, company: Company) -> Company:
    plain = [
        other
        for other in block.companies
        if other.stratum == "plain" and other.kind == "account" and other is not company
    ]
    return block.r.choice(plain)


def _job_change(block: Block, company: Company) -> None:
    """A new contact with a new address at the new employer; nothing in the raw data says it is the same human."""
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
    """A leaver's address went to a successor; the leaver's marketing lead still has it, with the leaver's contact id."""
    leaver = new_person(block, company, stratum="recycled_address")
    left = make_contact(block, leaver, leaver.first_at)
    marketing = make_marketing_lead(block, leaver, leaver.first_at, left)
    heir = new_person(block, company, email=leaver.email, stratum="recycled_address")
    taken = make_contact(
        block, heir, min(max(heir.first_at, leaver.first_at + 90 * DAY), END - 9 * DAY), left.account
    )
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
    lead = make_lead(block, second, _moment(block, second, 10))
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
        twin = make_contact(
            block, person, min(records[-1].created + 11 * DAY, END - 9 * DAY), records[0].account
        )
        if twin.email and block.r.random() < 0.5:
            twin.email = twin.email.replace("@", f".{len(records)}@")
        records.append(twin)
    for place, (loser, winner) in enumerate(zip(records[:-1], records[1:], strict=True)):
        loser.master = winner
        loser.merged_at = min(records[-1].created + (7 + 9 * place) * DAY, END - (4 - place) * 3600)


def _reseller_filed_at_customer(block: Block, company: Company) -> None:
    """A reseller's employee filed as a contact of the customer: the CRM says one company, the domain another."""
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
        and record.created < END - 200 * DAY
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
        record.is_present = False
        record.deleted_at = record.created + int(r.uniform(30, 150) * DAY)
