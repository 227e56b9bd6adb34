"""The records of each entity in the marts, and on which of them two conditions part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import duckdb

from plumbline.definitions.conditions import columns, render
from plumbline.definitions.reading import parse
from plumbline.definitions.reporting.measured import PartingRecord
from plumbline.definitions.reporting.relations import KEPT, Kept
from plumbline.definitions.schemas import Entity
from plumbline.project.errors import PlumblineError
from plumbline.project.exit_codes import ExitCode


class NoRecordsError(PlumblineError):
    """The marts hold no records that could be looked at so."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True)
class Money:
    """Open opportunities, each once, and their amount in corporate currency."""

    count: int
    amount: Decimal
    rate_missing_count: int


@dataclass(frozen=True)
class Apart:
    """How two conditions stand to each other on the records, and the first records (by key) on which they part.

    `open_first` is what is open where only the first says yes. An opportunity may lie on two people: `disputed` has
    it once.
    """

    record_count: int
    both: int
    only_first: int
    only_second: int
    currency: str | None
    open_first: Money
    open_second: Money
    disputed: Money
    records: tuple[PartingRecord, ...]

    @property
    def parted(self) -> int:
        """On how many records they part."""
        return self.only_first + self.only_second


def apart_object(found: Apart) -> dict[str, Any]:
    """The same for machines: keys are 64 bits, which JavaScript reads as texts only."""
    told = asdict(found)
    return {**told, "records": [{**record, "record_key": str(record["record_key"])} for record in told["records"]]}


def kept(entity: Entity) -> Kept:
    """Where the records of an entity are. Raises NoRecordsError."""
    found = KEPT.get(entity.entity)
    if found is None:
        raise NoRecordsError(
            f"The marts hold no records of {entity.name.lower()}.", f"There are records of {', '.join(KEPT)}."
        )
    return found


def truth(criteria: Mapping[str, str]) -> str:
    """Criteria as SQL that is never NULL."""
    return " and ".join(f"coalesce(({render(parse(sql))}), false)" for sql in criteria.values())


def must_have(
    connection: duckdb.DuckDBPyConnection, relation: str, entity: Entity, criteria: Mapping[str, str], where: str
) -> None:
    """Raises NoRecordsError when a criterion looks at a column that the records do not have."""
    described = connection.execute(f"select * from ({relation}) limit 0").description or []
    there = {column[0] for column in described}
    for name, sql in criteria.items():
        missing = [column for column in columns(parse(sql)) if column not in there]
        if missing:
            raise NoRecordsError(
                f"`{name}` looks at `{missing[0]}`, which {where} of {entity.name.lower()} in the marts do not have.",
                f"They have {', '.join(f'`{column}`' for column in entity.columns if column in there)}.",
            )


def apart(
    connection: duckdb.DuckDBPyConnection,
    entity: Entity,
    first: tuple[str, Mapping[str, str]],
    second: tuple[str, Mapping[str, str]],
    limit: int,
) -> Apart:
    """Two sides, each a name and its criteria, on today's records. Raises NoRecordsError."""
    found = kept(entity)
    must_have(connection, found.today, entity, {**second[1], **first[1]}, "records")
    judged = f"""
        select today.{found.key} as record_key, {truth(first[1])} as first_says, {truth(second[1])} as second_says
        from ({found.today}) as today
        where {found.counts}
    """
    counts = connection.execute(
        f"""
        select
            count(*),
            count(*) filter (first_says and second_says),
            count(*) filter (first_says and not second_says),
            count(*) filter (second_says and not first_says)
        from ({judged})
        """
    ).fetchone()
    assert counts is not None
    money = {
        side: _money(connection, found, judged, condition)
        for side, condition in (
            ("first", "first_says and not second_says"),
            ("second", "second_says and not first_says"),
            ("either", "first_says <> second_says"),
        )
    }
    currency = connection.execute("select max(corporate_currency_code) from fct_opportunities").fetchone()
    total, both, only_first, only_second = (int(count) for count in counts)
    return Apart(
        record_count=total,
        both=both,
        only_first=only_first,
        only_second=only_second,
        currency=None if currency is None else currency[0],
        open_first=money["first"],
        open_second=money["second"],
        disputed=money["either"],
        records=tuple(_first_records(connection, entity, found, judged, (first, second), limit)),
    )


def _money(connection: duckdb.DuckDBPyConnection, found: Kept, judged: str, condition: str) -> Money:
    row = connection.execute(
        f"""
        with parted as (select record_key from ({judged}) where {condition}),
        touched as (
            select distinct deals.opportunity_key, deals.corporate_amount, deals.is_rate_missing
            from ({found.open}) as deals
            inner join parted on deals.record_key = parted.record_key
        )
        select count(*), coalesce(sum(corporate_amount), 0), count(*) filter (is_rate_missing) from touched
        """
    ).fetchone()
    assert row is not None
    return Money(*row)


def _first_records(
    connection: duckdb.DuckDBPyConnection,
    entity: Entity,
    found: Kept,
    judged: str,
    sides: tuple[tuple[str, Mapping[str, str]], tuple[str, Mapping[str, str]]],
    limit: int,
) -> list[PartingRecord]:
    """The first records by key, with what decides: the criteria that the side which says no does not find met."""
    told = [
        f"[{', '.join(f'{truth({name: sql})}' for name, sql in criteria.items())}] as met_{place}"
        for place, (_, criteria) in enumerate(sides)
    ]
    cursor = connection.execute(
        f"""
        with parted as (
            select * from ({judged}) where first_says <> second_says order by record_key limit {int(limit)}
        ),
        money as (
            select record_key, count(*) as open_count, coalesce(sum(corporate_amount), 0) as open_amount
            from ({found.open}) where record_key in (select record_key from parted) group by record_key
        )
        select
            parted.record_key, parted.first_says, {", ".join(told)},
            coalesce(money.open_amount, 0), coalesce(money.open_count, 0), today.*
        from parted
        inner join ({found.today}) as today on parted.record_key = today.{found.key}
        left join money on parted.record_key = money.record_key
        order by parted.record_key
        """
    )
    names = [column[0] for column in cursor.description or []][6:]
    shown = []
    for key, first_says, *rest in cursor.fetchall():
        met, (amount, count), values = rest[:2], rest[2:4], dict(zip(names, rest[4:], strict=True))
        no = 1 if first_says else 0
        unmet = tuple(name for name, held in zip(sides[no][1], met[no], strict=True) if not held)
        known = {column: values[column] for column in entity.columns if column in values}
        shown.append(PartingRecord(key, None, sides[1 - no][0], sides[no][0], unmet, amount, count, known))
    return shown
