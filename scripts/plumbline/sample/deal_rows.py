"""Rows of opportunities: current row, native snapshots, tracked field changes, lines and contact roles."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from plumbline.sample.bookkeeping import stamps
from plumbline.sample.reference import FORECAST_LABELS
from plumbline.sample.settings import DAY, END, MIGRATION, MIGRATION_SECONDS, TRACKING
from plumbline.sample.world import Block, Deal, State

_ROLES = ("Decision Maker", "Economic Buyer", "Evaluator", "Business User", "Influencer", None)
_SNAPSHOT = ("stage", "amount", "close_day", "forecast", "probability")


def write_deals(block: Block) -> None:
    """All Salesforce rows of the block's opportunities."""
    for deal in block.deals:
        _write_opportunity(block, deal)
        _write_snapshots(block, deal)
        _write_field_history(block, deal)
        _write_roles(block, deal)
        _write_lines(block, deal)


def snapshot_start(deal: Deal) -> int:
    """When the first native snapshot of a deal was written: its creation, or the night of the migration."""
    if deal.created >= MIGRATION:
        return deal.created
    return MIGRATION + int(deal.id[9:15].encode().hex(), 16) % MIGRATION_SECONDS


def _money(cents: int | None) -> float | None:
    return None if cents is None else cents / 100


def _expected(state: State) -> float | None:
    return None if state.amount is None else round(state.amount * state.probability / 10_000, 2)


def _write_opportunity(block: Block, deal: Deal) -> None:
    last = deal.states[-1]
    close = datetime.fromtimestamp(last.close_day * DAY, tz=UTC)
    stage_since = deal.created
    for before, after in zip(deal.states[:-1], deal.states[1:], strict=True):
        if before.stage != after.stage:
            stage_since = after.since
    changed = last.since if last.is_deleted else max(last.since, deal.created)
    if not last.is_deleted and block.r.random() < 0.3:
        changed = min(changed + int(block.r.uniform(1, 30) * DAY), END - 60)
    block.out.add(
        "salesforce.opportunity",
        id=deal.id,
        account_id=_filed(block, last),
        owner_id=last.owner.id,
        campaign_id=deal.campaign_id,
        contact_id=deal.people[0].id if deal.people else None,
        name=deal.name,
        type=deal.kind,
        stage_name=last.stage,
        lead_source=deal.people[0].source if deal.people else None,
        forecast_category=last.forecast,
        forecast_category_name=FORECAST_LABELS[last.forecast],
        amount=_money(last.amount),
        probability=last.probability,
        expected_revenue=_expected(last),
        close_date=last.close_day * DAY,
        is_closed=last.stage.startswith("Closed"),
        is_won=last.stage == "Closed Won",
        has_opportunity_line_item=True,
        push_count=deal.slips,
        last_stage_change_date=stage_since,
        currency_iso_code=deal.currency,
        is_deleted=last.is_deleted,
        is_private=False,
        fiscal=f"{close.year} {(close.month - 1) // 3 + 1}",
        fiscal_quarter=(close.month - 1) // 3 + 1,
        fiscal_year=close.year,
        _fivetran_active=True,
        **stamps(deal.states[0].owner, deal.created, changed),
    )


def _filed(block: Block, state: State) -> str:
    """The account id on the row: after a merge the loader saw the survivor on some rows, on others not."""
    account = state.account
    return (
        account.survivor.id
        if account.master is not None and int(account.id[12:15].encode().hex(), 16) % 2
        else account.id
    )


def _write_snapshots(block: Block, deal: Deal) -> None:
    """One row per save that touched stage, amount, close date, probability or forecast category."""
    if not deal.has_snapshots:
        return
    first_at = snapshot_start(deal)
    rows: list[State] = [replace(deal.at(first_at), since=first_at)]
    for state in deal.states:
        if state.since > first_at and not state.is_deleted and _touches_snapshot(rows[-1], state):
            rows.append(state)
    if deal.twice_in_a_second and len(rows) > 1:
        wrong = replace(rows[-1], amount=(rows[-1].amount or 0) + 1_000_00)
        rows.insert(len(rows) - 1, wrong)
    before: State | None = None
    for state in rows:
        block.out.add(
            "salesforce.opportunity_history",
            id=block.ids.salesforce("008"),
            opportunity_id=deal.id,
            stage_name=state.stage,
            amount=_money(state.amount),
            expected_revenue=_expected(state),
            close_date=state.close_day,
            probability=state.probability,
            forecast_category=state.forecast,
            prev_amount=_money(before.amount) if before else None,
            prev_close_date=before.close_day if before else None,
            created_by_id=state.owner.id,
            created_date=state.since,
            system_modstamp=state.since,
            is_deleted=False,
            currency_iso_code=deal.currency,
        )
        before = state


def _touches_snapshot(old: State, new: State) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in _SNAPSHOT)


def _write_field_history(block: Block, deal: Deal) -> None:
    """Tracked changes; a lookup is written twice, once with names and once with ids."""
    if deal.created >= TRACKING:
        _field(block, deal, deal.created, "created", "Text", None, None)
    for old, new in zip(deal.states[:-1], deal.states[1:], strict=True):
        if new.since < TRACKING:
            continue
        if old.stage != new.stage:
            _field(block, deal, new.since, "StageName", "Text", old.stage, new.stage)
        if old.amount != new.amount:
            _field(block, deal, new.since, "Amount", "Currency", _text(old.amount), _text(new.amount))
        if old.close_day != new.close_day:
            _field(block, deal, new.since, "CloseDate", "DateOnly", _date(old.close_day), _date(new.close_day))
        if old.forecast != new.forecast:
            _field(
                block,
                deal,
                new.since,
                "ForecastCategoryName",
                "Text",
                FORECAST_LABELS[old.forecast],
                FORECAST_LABELS[new.forecast],
            )
        if old.owner is not new.owner:
            _field(block, deal, new.since, "Owner", "Text", old.owner.name, new.owner.name)
            _field(block, deal, new.since, "Owner", "EntityId", old.owner.id, new.owner.id)
        if old.account is not new.account:
            _field(block, deal, new.since, "Account", "Text", old.account.name, new.account.name)
            _field(block, deal, new.since, "Account", "EntityId", old.account.id, new.account.id)


def _text(cents: int | None) -> str | None:
    return None if cents is None else f"{cents / 100:.2f}".rstrip("0").rstrip(".")


def _date(day: int) -> str:
    return datetime.fromtimestamp(day * DAY, tz=UTC).date().isoformat()


def _field(block: Block, deal: Deal, when: int, field: str, kind: str, old: str | None, new: str | None) -> None:
    block.out.add(
        "salesforce.opportunity_field_history",
        id=block.ids.salesforce("017"),
        opportunity_id=deal.id,
        field=field,
        data_type=kind,
        old_value=old,
        new_value=new,
        created_by_id=deal.at(when).owner.id,
        created_date=when,
        is_deleted=False,
    )


def _write_roles(block: Block, deal: Deal) -> None:
    r = block.r
    for place, record in enumerate(deal.people):
        when = min(max(deal.created, record.created) + int(r.random() * 20 * DAY), END - 120)
        block.out.add(
            "salesforce.opportunity_contact_role",
            id=block.ids.salesforce("00K"),
            opportunity_id=deal.id,
            contact_id=record.id,
            role="Reseller" if record.person.company.kind == "reseller" else r.choice(_ROLES),
            is_primary=place == 0,
            currency_iso_code=deal.currency,
            is_deleted=r.random() < 0.02,
            **stamps(deal.states[0].owner, when),
        )


def _write_lines(block: Block, deal: Deal) -> None:
    """One to three lines whose prices add up to the opportunity's amount."""
    r = block.r
    last = deal.states[-1]
    if last.amount is None:
        return
    products = r.sample(block.common.products, r.choices((1, 2, 3), (5, 3, 2))[0])
    remaining = last.amount
    step = 10_000 if deal.currency == "JPY" else 100
    for place, (product_id, name, code, _, price) in enumerate(products):
        is_last = place == len(products) - 1
        total = remaining if is_last else int(remaining * r.uniform(0.2, 0.6)) // step * step
        remaining -= total
        quantity = r.choice((1, 1, 1, 2, 5, 10)) if total % 1_000 == 0 else 1
        created = min(deal.created + place * 60 + 600, END - 60)
        block.out.add(
            "salesforce.opportunity_line_item",
            id=block.ids.salesforce("00k"),
            opportunity_id=deal.id,
            product_2_id=product_id,
            product_code=code,
            name=f"{deal.name} {name}",
            quantity=float(quantity),
            list_price=price,
            unit_price=total / 100 / quantity,
            discount=0.0,
            total_price=total / 100,
            service_date=_date(last.close_day),
            sort_order=place + 1,
            currency_iso_code=deal.currency,
            is_deleted=last.is_deleted,
            _fivetran_active=True,
            **stamps(deal.states[0].owner, created, last.since if last.is_deleted else None),
        )
