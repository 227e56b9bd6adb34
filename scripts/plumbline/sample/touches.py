"""Notes in the truth what was a touch and what only looks like one."""

from __future__ import annotations

from plumbline.sample.world import Block, Deal, Record


def touch(
    block: Block,
    table: str,
    record_id: str,
    kind: str,
    when: int,
    who: Record | None,
    deal: Deal | None,
    company_id: str | None = None,
    occasion: str | None = None,
) -> None:
    """One true touch: a row of `system.table` that says that we and a person or company were in contact."""
    system, name = table.split(".")
    if company_id is None:
        company_id = who.person.company.id if who else deal.company.id if deal else None
    block.out.add(
        "main.truth_touches",
        source_system=system,
        source_table=name,
        source_record_id=record_id,
        kind=kind,
        occurred_at=when,
        person_id=who.person.id if who else None,
        company_id=company_id,
        opportunity_id=deal.id if deal else None,
        occasion_id=occasion,
    )


def no_touch(block: Block, table: str, record_id: str, reason: str) -> None:
    """One row of a touch table that is no touch: deleted, not done yet, a colleague's copy …"""
    system, name = table.split(".")
    block.out.add(
        "main.truth_exclusions",
        source_system=system,
        source_table=name,
        source_record_id=record_id,
        reason=reason,
    )
