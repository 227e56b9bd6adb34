"""Rows of contacts, leads and marketing leads, from the records of the world."""

from __future__ import annotations

from zlib import crc32

from plumbline.sample.bookkeeping import stamps
from plumbline.sample.buffer import midnight
from plumbline.sample.settings import DAY, END, START, TRACKING
from plumbline.sample.world import Block, Person, Record

_REASONS = ("no budget", "wrong person", "bad timing", "no need", "student", "wrong person", "no budget")
"""What sales notes, by chance of the record: three in ten note nothing."""


def write_people(block: Block) -> None:
    """Rows of all Salesforce people records, with the tracked history of leads."""
    for record in block.records:
        if record.kind == "contact":
            _write_contact(block, record)
        elif record.system == "salesforce":
            _write_lead(block, record)


def landed_email(block: Block, record: Record) -> str | None:
    """The address as somebody typed it."""
    if record.email is None:
        return None
    form = block.r.random()
    if form < 0.05:
        local, _, domain = record.email.partition("@")
        return f"{local.title()}@{domain}"
    if form < 0.065:
        return f" {record.email} "
    return record.email


def changed_at(block: Block, record: Record) -> int:
    """When the record last changed: its end if it has one, else some time after its creation."""
    for when in (record.merged_at, record.deleted_at):
        if when is not None:
            return when
    since = max(record.created, record.converted_at or 0)
    return min(since + int(block.r.random() ** 3 * max(END - since, DAY)), END - 60)


def _is_opted_out(person: Person) -> bool:
    return person.opted_out_at is not None


def _write_contact(block: Block, record: Record) -> None:
    person, company, account = record.person, record.person.company, record.account
    owner = (record.owner or block.team["ae"][0]).on(END)
    changed = changed_at(block, record)
    stated = record.master or record.ring_to
    filed = account.id if account else None
    if account is not None and account.master is not None and block.r.random() < 0.6:
        filed = account.survivor.id
    block.out.add(
        "salesforce.contact",
        id=record.id,
        account_id=filed,
        master_record_id=stated.id if stated else None,
        owner_id=owner.id,
        first_name=person.first,
        last_name=person.last,
        name=person.name,
        email=landed_email(block, record),
        phone=person.phone,
        mobile_phone=person.phone if block.r.random() < 0.3 else None,
        title=person.title,
        lead_source=record.source,
        mailing_country=company.country_name,
        mailing_country_code=company.country,
        has_opted_out_of_email=_is_opted_out(person),
        do_not_call=False,
        is_email_bounced=False,
        currency_iso_code=company.currency,
        is_deleted=record.deleted_at is not None or record.master is not None,
        _fivetran_active=True,
        **stamps(owner, record.created, changed),
    )


def _write_lead(block: Block, record: Record) -> None:
    person, company = record.person, record.person.company
    sdr = record.owner or block.team["sdr"][0]
    changed = changed_at(block, record)
    contact = record.converted_to
    is_converted = contact is not None
    owner = sdr.on(changed)
    target = contact.account if contact else None
    block.out.add(
        "salesforce.lead",
        id=record.id,
        owner_id=owner.id,
        first_name=person.first,
        last_name=person.last,
        name=person.name,
        company=record.company_text,
        email=landed_email(block, record),
        phone=person.phone,
        title=person.title,
        status=record.status,
        rejection_reason_c=_rejection_reason(record),
        lead_source=record.source,
        industry=company.industry,
        website=company.domain if company.stratum == "plain" and block.r.random() < 0.4 else None,
        country=company.country_name,
        country_code=company.country,
        number_of_employees=company.employees if block.r.random() < 0.7 else None,
        annual_revenue=f"{company.revenue:.0f}" if block.r.random() < 0.3 else None,
        is_converted=is_converted,
        converted_date=midnight(record.converted_at) if record.converted_at else None,
        converted_account_id=target.id if target else None,
        converted_contact_id=contact.id if contact else None,
        converted_opportunity_id=record.converted_deal,
        master_record_id=record.master.id if record.master else None,
        has_opted_out_of_email=_is_opted_out(person),
        currency_iso_code=company.currency,
        is_deleted=record.deleted_at is not None or record.master is not None,
        _fivetran_active=True,
        **stamps(sdr, record.created, changed),
    )
    _write_lead_history(block, record, changed)


def _rejection_reason(record: Record) -> str | None:
    """What sales noted when it disqualified a lead; now and then nothing. Of no chance that others draw from."""
    place = crc32(record.id.encode()) % 10
    return _REASONS[place] if record.status == "Disqualified" and place < len(_REASONS) else None


def _truth(block: Block, record: Record, attribute: str, when: int, value: str | None) -> None:
    block.out.add(
        "main.truth_person_changes",
        source_system="salesforce",
        source_object=record.kind,
        source_record_id=record.id,
        attribute=attribute,
        changed_at=when,
        value=value,
    )


def _write_lead_truth(block: Block, record: Record, steps: list[tuple[int, str, str, str | None, str | None]]) -> None:
    """What the lead said from its creation on, whether tracking had begun or not."""
    sdr = record.owner or block.team["sdr"][0]
    _truth(block, record, "lead_status", record.created, "New")
    _truth(block, record, "owner", record.created, sdr.on(record.created).id)
    for when, field, kind, _, new in steps:
        if field == "Status":
            _truth(block, record, "lead_status", when, new)
        elif field == "Owner" and kind == "EntityId":
            _truth(block, record, "owner", when, new)


def _write_lead_history(block: Block, record: Record, changed: int) -> None:
    sdr = record.owner or block.team["sdr"][0]
    steps: list[tuple[int, str, str, str | None, str | None]] = [(record.created, "created", "Text", None, None)]
    until = record.converted_at or changed
    middle = record.created + (until - record.created) // 2
    if record.status != "New":
        steps.append((middle, "Status", "Text", "New", "Working"))
    if record.status not in ("New", "Working"):
        steps.append((until, "Status", "Text", "Working", record.status))
    if record.converted_at:
        steps.append((record.converted_at, "leadConverted", "Text", None, None))
    if sdr.left_at is not None and sdr.heir is not None and record.created < sdr.left_at <= changed:
        steps.append((sdr.left_at, "Owner", "Text", sdr.name, sdr.heir.name))
        steps.append((sdr.left_at, "Owner", "EntityId", sdr.id, sdr.heir.id))
    steps.sort(key=lambda step: step[0])
    _write_lead_truth(block, record, steps)
    for when, field, kind, old, new in steps:
        if when >= TRACKING:
            block.out.add(
                "salesforce.lead_history",
                id=block.ids.salesforce("02I"),
                lead_id=record.id,
                field=field,
                data_type=kind,
                old_value=old,
                new_value=new,
                created_by_id=sdr.id,
                created_date=when,
                is_deleted=False,
            )


def write_marketing_leads(block: Block, scores: dict[int, int], opted_out: dict[int, int]) -> None:
    """Rows of the Marketo leads that are still there, with their final score."""
    for record in block.records:
        if record.system != "marketo" or not record.is_present:
            continue
        person, company = record.person, record.person.company
        contact, lead = _targets(record)
        created = max(record.created, START - 200 * DAY)
        changed = max(created, END - int(block.r.random() ** 2 * 400 * DAY) - 60)
        is_known = record.email is not None
        account = contact.account if contact and record.sync_account else None
        owner = lead.owner if lead else None
        out_at = opted_out.get(record.number)
        block.out.add(
            "marketo.lead",
            id=record.number,
            email=landed_email(block, record),
            first_name=person.first if is_known else None,
            last_name=person.last if is_known else None,
            phone=person.phone if is_known and block.r.random() < 0.4 else None,
            company=record.company_text if is_known else None,
            inferred_company=company.name if block.r.random() < 0.4 else None,
            title=person.title if is_known else None,
            industry=company.industry if block.r.random() < 0.6 else None,
            number_of_employees=str(company.employees) if block.r.random() < 0.6 else None,
            country=company.country_name,
            country_code=company.country,
            lead_source=record.source,
            lead_status=lead.status if lead else None,
            lead_score=scores.get(record.number, 0),
            unsubscribed=out_at is not None,
            email_invalid=False,
            do_not_call=False,
            sfdc_account_id=account.id if account else None,
            sfdc_contact_id=contact.id if contact else None,
            sfdc_lead_id=lead.id if lead else None,
            sfdc_lead_owner_id=owner.id if owner else None,
            sfdc_type="Contact" if contact else "Lead" if lead else None,
            original_source_type="Web form fillout",
            original_source_info=record.source,
            created_at=created,
            updated_at=max(changed, out_at or 0),
        )


def _targets(record: Record) -> tuple[Record | None, Record | None]:
    """The contact and the lead whose ids the sync wrote; after a conversion it may be both."""
    contact = lead = None
    for target, _ in record.explicit:
        if target.kind == "contact":
            contact = target
        else:
            lead = target
            if target.converted_to is not None:
                contact = target.converted_to
    return contact, lead
