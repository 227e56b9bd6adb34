"""People and their records: contacts, leads and marketing leads."""

from __future__ import annotations

from plumbline.sample.names import TITLES, person_name
from plumbline.sample.settings import DAY, END, FREE_MAIL, START
from plumbline.sample.world import Account, Block, Company, Person, Record

_SOURCES = ("Web", "Webinar", "Trade Show", "Referral", "Content", "Outbound", "Partner")
_LEAD_STATUSES = ("New", "Working", "Nurture", "Disqualified")


def make_people(block: Block) -> None:
    """Fills people and records of all companies."""
    for company in block.companies:
        for _ in range(_head_count(block, company)):
            person = new_person(block, company)
            if company.kind == "person":
                _person_account(block, person)
            elif company.kind == "prospect":
                _unknown_company_records(block, person)
            else:
                _records(block, person)


def _head_count(block: Block, company: Company) -> int:
    if company.kind == "person":
        return 1
    if company.kind == "prospect":
        return 1 + int(block.r.random() * 2.4)
    size = 2.2 + min(3.5, company.employees / 900)
    return max(3 if company.stratum != "plain" else 2, int(block.r.gauss(size + 2.0, 1.5)))


def new_person(block: Block, company: Company, email: str | None = None, stratum: str | None = None) -> Person:
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
        number=number,
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


def _address(block: Block, company: Company, first: str, last: str, number: int, first_at: int) -> tuple[str, bool]:
    r = block.r
    if company.mail_domain is None or r.random() < 0.045:
        local = f"{first[0]}{last[:3]}.x{number:x}{r.randint(10, 99)}".lower()
        return f"{local}@{r.choice(FREE_MAIL)}", True
    domain = company.mail_domain
    if company.rebranded_at is not None and company.former_domain and first_at < company.rebranded_at:
        domain = company.former_domain
    if r.random() < 0.03:
        domain = f"{r.choice(('eu', 'mail', 'us'))}.{domain}"
    return f"{first}.{last}.{number:x}@{domain}".lower(), False


def moment(block: Block, person: Person, most_days: float) -> int:
    """An instant some days after the person turned up, in office hours."""
    day = min(person.first_at // DAY + int(block.r.random() * most_days), END // DAY - 3)
    return day * DAY + int(block.r.uniform(8, 17) * 3600)


def pick_account(block: Block, company: Company) -> Account:
    """The account record at which colleagues file a person: a live one, or one that was merged away later."""
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
    when = moment(block, person, 30)
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


def _person_account(block: Block, person: Person) -> None:
    """The account bears the person's name, and the CRM keeps a contact with it."""
    (account,) = person.company.accounts
    account.name = person.company.name = person.name
    contact = make_contact(block, person, account.created, account)
    make_marketing_lead(block, person, contact.created, contact)


def _unknown_company_records(block: Block, person: Person) -> None:
    """Someone from a company that has no account: a lead, a marketing lead, or both."""
    when = moment(block, person, 20)
    way = block.r.random()
    if way < 0.45:
        make_marketing_lead(block, person, when)
        return
    lead = make_lead(block, person, when)
    if way < 0.9:
        make_marketing_lead(block, person, when, lead if block.r.random() < 0.85 else None)
