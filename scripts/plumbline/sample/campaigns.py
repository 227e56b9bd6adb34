"""Marketing campaigns with their records in the CRM and in marketing automation."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from plumbline.sample.bookkeeping import months, stamps
from plumbline.sample.buffer import Buffer
from plumbline.sample.ids import IdSource
from plumbline.sample.settings import DAY, END, OWN_DOMAIN
from plumbline.sample.world import Campaign, User

MEMBER_STATUSES = (("Sent", False), ("Registered", False), ("Attended", True), ("Responded", True))
_CHANNELS = (
    ("Email Send", "Email"),
    ("Webinar", "Webinar"),
    ("Content", "Content"),
    ("Tradeshow", "Conference"),
    ("Paid Search", "Advertisement"),
    ("Nurture", "Email"),
)


def write_campaigns(out: Buffer, ids: IdSource, r: Random, users: dict[str, User]) -> list[Campaign]:
    """Two campaigns a month under a yearly parent, in the CRM, in marketing automation, or in both."""
    owner = users["campaigns"]
    parents: dict[int, str] = {}
    campaigns: list[Campaign] = []
    month_starts = months()[1:-1]
    for place, start in enumerate(month_starts):
        for channel, kind in r.sample(_CHANNELS, 2):
            begin = start + r.randint(1, 20)
            if begin * DAY > END - 10 * DAY:
                continue
            year = datetime.fromtimestamp(begin * DAY, tz=UTC).year
            if year not in parents:
                parents[year] = ids.salesforce("701")
                _write_campaign(
                    out,
                    ids,
                    owner,
                    parents[year],
                    f"{year} Demand programme",
                    "Other",
                    None,
                    begin,
                    begin + 364,
                    0.0,
                )
            number = 1_000 + len(campaigns)
            campaign = Campaign(
                name=f"{year}-{place % 12 + 1:02d} {channel} {number}",
                kind=channel,
                start=begin,
                end=begin + r.randint(5, 40),
                crm_id=ids.salesforce("701") if r.random() < 0.8 else None,
                program_id=number if r.random() < 0.92 else None,
                smart_id=number + 3,
                email_id=number + 7,
                cost=float(r.randint(5, 400) * 100),
            )
            if campaign.crm_id is None and campaign.program_id is None:
                campaign.program_id = number
            campaigns.append(campaign)
            if campaign.crm_id:
                _write_campaign(
                    out,
                    ids,
                    owner,
                    campaign.crm_id,
                    campaign.name,
                    kind,
                    parents[year],
                    begin,
                    campaign.end,
                    campaign.cost,
                )
            _write_program(out, campaign)
    return campaigns


def _write_campaign(
    out: Buffer,
    ids: IdSource,
    owner: User,
    record_id: str,
    name: str,
    kind: str,
    parent: str | None,
    begin: int,
    end: int,
    cost: float,
) -> None:
    created = min(begin * DAY - 20 * DAY, END - DAY)
    out.add(
        "salesforce.campaign",
        id=record_id,
        name=name,
        type=kind,
        status="Completed" if end * DAY < END else "In Progress",
        parent_id=parent,
        owner_id=owner.id,
        is_active=end * DAY > END,
        start_date=begin,
        end_date=end,
        budgeted_cost=cost * 1.1,
        actual_cost=cost,
        currency_iso_code="USD",
        is_deleted=False,
        **stamps(owner, created, min(end * DAY, END - DAY)),
    )
    for place, (label, responded) in enumerate(MEMBER_STATUSES):
        out.add(
            "salesforce.campaign_member_status",
            id=ids.salesforce("01Y"),
            campaign_id=record_id,
            label=label,
            has_responded=responded,
            is_default=place == 0,
            sort_order=place + 1,
            is_deleted=False,
            **stamps(owner, created),
        )


def _write_program(out: Buffer, campaign: Campaign) -> None:
    created = campaign.start * DAY - 20 * DAY
    changed = min(campaign.end * DAY, END - DAY)
    if campaign.program_id is not None:
        out.add(
            "marketo.program",
            id=campaign.program_id,
            name=campaign.name,
            channel=campaign.kind,
            type="Event" if campaign.kind in ("Webinar", "Tradeshow") else "Default",
            status="on",
            workspace="Default",
            sfdc_id=campaign.crm_id[:15] if campaign.crm_id and campaign.email_id % 4 == 0 else campaign.crm_id,
            sfdc_name=campaign.name if campaign.crm_id else None,
            start_date=campaign.start * DAY,
            end_date=campaign.end * DAY,
            created_at=created,
            updated_at=changed,
            _fivetran_deleted=False,
        )
    out.add(
        "marketo.campaign",
        id=campaign.smart_id,
        name=f"Send {campaign.name}",
        type="batch",
        active=False,
        status="Finished",
        program_id=campaign.program_id,
        workspace_name="Default",
        is_requestable=False,
        is_system=False,
        created_at=created,
        updated_at=changed,
        _fivetran_deleted=False,
    )
    for version in (1, 2):
        out.add(
            "marketo.email_template_history",
            id=campaign.email_id,
            version=version,
            name=f"Invitation {campaign.name}",
            subject=f"Join us: {campaign.kind.lower()} {campaign.email_id}",
            status="approved",
            from_email=f"news@{OWN_DOMAIN}",
            from_name="Harbourline",
            operational=False,
            reply_email=f"news@{OWN_DOMAIN}",
            program_id=campaign.program_id,
            text_only=False,
            web_view=True,
            workspace="Default",
            created_at=created,
            updated_at=created + version * DAY,
        )
