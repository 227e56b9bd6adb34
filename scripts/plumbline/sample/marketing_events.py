"""Marketo activities that follow single leads: created, synced, converted, merged, deleted, moved on."""

from __future__ import annotations

from typing import Any

from plumbline.sample.reference import ACTIVITY_TYPES
from plumbline.sample.settings import DAY, END, START
from plumbline.sample.touches import no_touch
from plumbline.sample.world import Block, Record

_STAGES = ("Known", "Engaged", "MQL", "SAL", "SQL", "Opportunity", "Customer", "Recycled")


def write_record_events(block: Block, leads: list[Record]) -> None:
    """One-off activities of all leads, then the memberships in programs."""
    created: dict[str, list[int]] = {}
    for deal in block.deals:
        created.setdefault(deal.company.id, []).append(deal.created)
    for lead in leads:
        _created(block, lead)
        _revenue_stages(block, lead, created.get(lead.person.company.id, []))
    _merges(block, leads)
    _memberships(block, leads)


def _activity(block: Block, name: str, lead: int, when: int, **extra: Any) -> str:
    number = block.ids.number("activity", 20_000_000_000, 10_000_000)
    is_text = name in ("change_data_value", "delete_lead", "merge_leads")
    block.out.add(
        f"marketo.activity_{name}",
        id=str(number) if is_text else number,
        lead_id=lead,
        activity_date=when,
        activity_type_id=ACTIVITY_TYPES[name],
        **extra,
    )
    return str(number)


def _created(block: Block, lead: Record) -> None:
    when = max(lead.created, START)
    _activity(
        block,
        "new_lead",
        lead.number,
        when,
        primary_attribute_value=lead.source,
        lead_source=lead.source,
        source_type="Web form fillout",
        created_date=when // DAY,
    )
    for target, _ in lead.explicit:
        synced = max(when, target.created) + 240
        if synced < END and target.system == "salesforce":
            _activity(
                block,
                "sync_lead_to_sfdc",
                lead.number,
                synced,
                primary_attribute_value=lead.person.company.name,
            )
        for other in lead.person.records:
            is_source = other is target or (other.converted_to is target and target.kind == "contact")
            if is_source and other.converted_at and when < other.converted_at < END - 600:
                _activity(block, "convert_lead", lead.number, other.converted_at + 300)


def _revenue_stages(block: Block, lead: Record, deals: list[int]) -> None:
    """Marketing declares by score; sales takes up what looks needed, whatever the score was."""
    passed = block.marketing_qualified.get(lead.number)
    steps: list[tuple[int, str]] = [(max(lead.created, START) + 900, "Known")]
    if passed is not None:
        steps.append((passed + 60, "MQL"))
        person = lead.person
        accepted = passed + int(block.r.uniform(0.1, 9) * DAY)
        if block.r.random() < 0.15 + 0.35 * person.interest:
            steps.append((accepted, "SAL"))
            later = [created for created in deals if created > accepted]
            if later:
                steps.append((min(later), "SQL"))
        else:
            steps.append((accepted + 10 * DAY, "Recycled"))
    old = None
    for when, stage in steps:
        if when < END:
            _activity(
                block,
                "change_revenue_stage",
                lead.number,
                when,
                primary_attribute_value="Demand model",
                primary_attribute_value_id=1,
                new_stage=stage,
                new_stage_id=_STAGES.index(stage) + 1,
                old_stage=old,
                old_stage_id=None if old is None else _STAGES.index(old) + 1,
                reason="Changed by flow",
            )
            block.out.add(
                "main.truth_person_changes",
                source_system="marketo",
                source_object="lead",
                source_record_id=lead.id,
                attribute="lifecycle_stage",
                changed_at=when,
                value=stage,
            )
        old = stage


def _merges(block: Block, leads: list[Record]) -> None:
    losers: dict[int, list[Record]] = {}
    for lead in leads:
        if lead.master is not None:
            losers.setdefault(lead.master.number, []).append(lead)
        elif not lead.is_present and lead.deleted_at is not None:
            _activity(block, "delete_lead", lead.number, lead.deleted_at, campaign="Clean-up")
    for winner, lost in sorted(losers.items()):
        when = max(record.merged_at or START for record in lost)
        _activity(
            block,
            "merge_leads",
            winner,
            min(when, END - 60),
            master_updated=True,
            merge_ids=",".join(str(record.number) for record in lost),
            merge_source="Manual merge",
            merged_in_sales=False,
        )


def _memberships(block: Block, leads: list[Record]) -> None:
    r = block.r
    programs = [campaign for campaign in block.common.campaigns if campaign.program_id is not None]
    for lead in leads:
        if lead.email is None or not lead.is_present:
            continue
        for program in r.sample(programs, min(len(programs), r.choices((0, 1, 2, 3), (3, 4, 2, 1))[0])):
            when = program.start * DAY + int(r.uniform(0, 5) * DAY)
            if not max(lead.created, START) < when < END - 5 * DAY:
                continue
            _membership(block, lead, program.program_id or 0, program.name, program.crm_id, when)


def _membership(block: Block, lead: Record, program: int, name: str, crm_id: str | None, when: int) -> None:
    r = block.r
    reached = r.random() < 0.1 + 0.4 * lead.person.interest
    success_at = when + int(r.uniform(0.1, 4) * DAY) if reached else None
    status = "Attended" if reached else r.choice(("Member", "Registered", "No Show"))
    block.out.add(
        "marketo.program_membership",
        id=lead.number,
        program_id=program,
        acquired_by=r.random() < 0.1,
        is_exhausted=False,
        membership_date=when,
        progression_status=status,
        reached_success=reached,
        reached_success_date=success_at,
        _fivetran_deleted=False,
        _at=success_at or when,
    )
    steps = [(when, "Not in Program", "Member")]
    if status != "Member":
        steps.append((success_at or when + 3_600, "Member", status))
    for moment, old, new in steps:
        activity = _activity(
            block,
            "change_status_in_progression",
            lead.number,
            moment,
            primary_attribute_value=name,
            primary_attribute_value_id=program,
            new_status=new,
            old_status=old,
            success=reached and new == "Attended",
            acquired_by=False,
            reason="Changed by flow",
            reached_success_date=success_at if new == "Attended" else None,
        )
        if new == "Attended":
            block.out.add(
                "main.truth_touches",
                source_system="marketo",
                source_table="activity_change_status_in_progression",
                source_record_id=activity,
                kind="program_success",
                occurred_at=moment,
                person_id=lead.person.id,
                company_id=lead.person.company.id,
            )
        else:
            no_touch(block, "marketo.activity_change_status_in_progression", activity, "no_success")
    if crm_id and r.random() < 0.3:
        _activity(
            block,
            "add_to_sfdc_campaign",
            lead.number,
            when + 120,
            primary_attribute_value=name,
            status=status,
        )
