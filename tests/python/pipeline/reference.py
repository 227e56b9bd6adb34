"""Pipeline by day, rebuilt in plain Python from the raw rows: no SQL of the models, no dbt.

It reads the tables as the loader landed them, keeps the newest of repeated rows, and plays the snapshots and
the deletion of each deal forward. What was before the first snapshot it does not know, and does not guess. Of a
deal without snapshots it takes the tracked changes, and the old value of the first of each field as what was before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb

EPOCH = datetime(1970, 1, 1)
SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def long_id(value: str | None) -> str | None:
    """The 18-character form of a Salesforce id."""
    if value is None or len(value) != 15:
        return value
    blocks = (value[0:5], value[5:10], value[10:15])
    return value + "".join(
        SUFFIX[sum(1 << place for place, letter in enumerate(block) if "A" <= letter <= "Z")] for block in blocks
    )


@dataclass
class Moment:
    """A deal from an instant on."""

    at: datetime
    stage: str
    amount: Decimal | None
    close_date: date
    is_deleted: bool = False


@dataclass
class Deal:
    """A deal with all its moments in order; one per instant."""

    id: str
    currency: str
    moments: list[Moment] = field(default_factory=list)

    def at_end_of(self, day: date) -> Moment | None:
        """What it was when the day ended; None before anything is known."""
        end = datetime.combine(day + timedelta(days=1), datetime.min.time())
        known = [moment for moment in self.moments if moment.at < end]
        return known[-1] if known else None


def newest_rows(connection: duckdb.DuckDBPyConnection, table: str) -> Iterator[dict[str, Any]]:
    """Landed rows of a table, the newest per id."""
    cursor = connection.execute(f"select * from raw.salesforce.{table}")
    names = [column[0] for column in cursor.description or []]
    newest: dict[str, dict[str, Any]] = {}
    for values in cursor.fetchall():
        row = dict(zip(names, values, strict=True))
        row["id"] = long_id(row["id"])
        old = newest.get(row["id"])
        if old is None or _stamp(row) > _stamp(old):
            newest[row["id"]] = row
    yield from newest.values()


def _stamp(row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        _instant(row.get("system_modstamp")) or EPOCH,
        _instant(row.get("_fivetran_synced")) or EPOCH,
    )


def _instant(value: Any) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return datetime.fromisoformat(str(value))


def _day(value: Any) -> date:
    return (
        value.date()
        if isinstance(value, datetime)
        else value
        if isinstance(value, date)
        else date.fromisoformat(str(value)[:10])
    )


def _money(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))


def deals(connection: duckdb.DuckDBPyConnection) -> list[Deal]:
    """All deals of the raw data with what their snapshots say."""
    snapshots: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in newest_rows(connection, "opportunity_history"):
        snapshots[str(long_id(row["opportunity_id"]))].append(row)
    changes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in newest_rows(connection, "opportunity_field_history"):
        changes[str(long_id(row["opportunity_id"]))].append(row)
    found = []
    for row in newest_rows(connection, "opportunity"):
        deal = Deal(row["id"], row["currency_iso_code"])
        if not snapshots[deal.id]:
            deal.moments = _from_changes(row, changes[deal.id])
        for snapshot in sorted(snapshots[deal.id], key=lambda one: (one["created_date"], one["id"])):
            moment = Moment(
                snapshot["created_date"],
                snapshot["stage_name"],
                _money(snapshot["amount"]),
                _day(snapshot["close_date"]),
            )
            if deal.moments and deal.moments[-1].at == moment.at:
                deal.moments.pop()
            deal.moments.append(moment)
        if row["is_deleted"]:
            last = deal.moments[-1]
            deal.moments.append(
                Moment(row["system_modstamp"], last.stage, last.amount, last.close_date, is_deleted=True)
            )
        found.append(deal)
    return found


def _from_changes(row: dict[str, Any], changes: list[dict[str, Any]]) -> list[Moment]:
    """Moments of a deal by its tracked changes alone, those of one instant taken together."""
    changes = sorted(changes, key=lambda one: (one["created_date"], one["id"]))
    values: dict[str, Any] = {}
    for change in changes:
        values.setdefault(change["field"], change["old_value"])
    moments = []
    for at in [row["created_date"], *sorted({change["created_date"] for change in changes})]:
        values |= {change["field"]: change["new_value"] for change in changes if change["created_date"] == at}
        moments.append(Moment(at, values["StageName"], _money(values["Amount"]), _day(values["CloseDate"])))
    return moments


def open_stages(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Stages of the CRM's list that are not closed."""
    return {row["master_label"] for row in newest_rows(connection, "opportunity_stage") if not row["is_closed"]}


def open_by_day(
    found: list[Deal], stages: set[str], first: date, last: date
) -> dict[tuple[date, str], tuple[Decimal, int]]:
    """{(day, currency): (amount, number)} of open deals at the end of each day, where there are any."""
    steps: dict[str, dict[date, list[tuple[Decimal, int]]]] = defaultdict(lambda: defaultdict(list))
    for deal in found:
        for moment, following in zip(deal.moments, [*deal.moments[1:], None], strict=True):
            if moment.is_deleted or moment.stage not in stages:
                continue
            amount = moment.amount or Decimal(0)
            steps[deal.currency][max(moment.at.date(), first)].append((amount, 1))
            if following is not None:
                steps[deal.currency][max(following.at.date(), first)].append((-amount, -1))
    totals = {}
    for currency, by_day in steps.items():
        amount, number, day = Decimal(0), 0, first
        while day <= last:
            for change, count in by_day.get(day, []):
                amount, number = amount + change, number + count
            if number:
                totals[day, currency] = (amount, number)
            day += timedelta(days=1)
    return totals
