"""What the marts tell about agreement: money in dispute, records on which sides part, and the months before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from plumbline.definitions.reporting.relations import KEPT

RECORDS_SHOWN = 4
MONTHS_SHOWN = 12
SHARED = "shared"
PRACTICE = "sales_practice"
"""What sales does with a lead, as a side beside the rule that it signed."""

# Open opportunities in dispute, by term: those on which two sides part, and those on whose primary contact they do.
_DISPUTED = """
    select told.term, opportunities.opportunity_key, opportunities.corporate_amount
    from fct_definition_disagreements as told
    inner join fct_opportunities as opportunities
        on told.opportunity_key = opportunities.opportunity_key
    where told.basis = 'stated' and opportunities.is_open
    union
    select told.term, opportunities.opportunity_key, opportunities.corporate_amount
    from fct_definition_disagreements as told
    inner join bridge_opportunity_people as people
        on told.person_key = people.person_key and people.is_primary
    inner join fct_opportunities as opportunities
        on people.opportunity_key = opportunities.opportunity_key
    where told.basis = 'stated' and opportunities.is_open
"""


@dataclass(frozen=True)
class Headline:
    """Open pipeline, and how much of it lies on opportunities about which two sides part; each counted once."""

    as_of_date: date
    currency: str | None
    open_count: int
    open_amount: Decimal
    disputed_count: int
    disputed_amount: Decimal
    rate_missing_count: int

    @property
    def share(self) -> Decimal | None:
        """Disputed share of the open amount, from 0 to 1; None when nothing is open."""
        return self.disputed_amount / self.open_amount if self.open_amount else None


@dataclass(frozen=True)
class PartingRecord:
    """A record on which two sides part: `values` are its canonical columns, as far as the mart has them."""

    record_key: int
    name: str | None
    yes_side: str
    no_side: str
    unmet: tuple[str, ...]
    open_amount: Decimal
    open_count: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Parting:
    """All records on which two sides part, and a few of them, the most money first."""

    first_side: str
    second_side: str
    is_practised: bool
    record_count: int
    only_first_count: int
    open_amount: Decimal
    open_count: int
    records: tuple[PartingRecord, ...]


@dataclass(frozen=True)
class Month:
    """How two sides stood to each other at the end of a month."""

    period_key: str
    record_count: int
    parted_count: int
    kappa: Decimal | None


@dataclass(frozen=True)
class Measured:
    """Everything that is measured about one term."""

    partings: tuple[Parting, ...] = ()
    months: dict[tuple[str, str], list[Month]] = field(default_factory=dict)
    disputed_count: int = 0
    disputed_amount: Decimal = Decimal(0)


def headline(connection: duckdb.DuckDBPyConnection, as_of_date: date) -> Headline:
    """The share of open pipeline in dispute on the day that the marts look from."""
    found = connection.execute(
        f"""
        with disputed as (
            select distinct opportunity_key from ({_DISPUTED})
        )
        select
            max(opportunities.corporate_currency_code),
            count(*),
            coalesce(sum(opportunities.corporate_amount), 0),
            count(disputed.opportunity_key),
            coalesce(sum(case when disputed.opportunity_key is not null then opportunities.corporate_amount end), 0),
            coalesce(sum(case when opportunities.is_rate_missing then 1 else 0 end), 0)
        from fct_opportunities as opportunities
        left join disputed on opportunities.opportunity_key = disputed.opportunity_key
        where opportunities.is_open
        """
    ).fetchone()
    assert found is not None
    return Headline(as_of_date, *found)


def measured(connection: duckdb.DuckDBPyConnection) -> dict[str, Measured]:
    """What is measured about each term on which sides part, or have in the last months."""
    partings = _partings(connection)
    months = _months(connection)
    disputed = {
        term: (count, amount)
        for term, count, amount in connection.execute(
            f"select term, count(*), coalesce(sum(corporate_amount), 0) from ({_DISPUTED}) group by term"
        ).fetchall()
    }
    return {
        term: Measured(tuple(partings.get(term, ())), months.get(term, {}), *(disputed.get(term) or (0, Decimal(0))))
        for term in sorted({*partings, *months})
    }


def _partings(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Parting]]:
    records = _records(connection)
    found: dict[str, list[Parting]] = defaultdict(list)
    for term, first, second, practised, count, only_first, amount, open_count in connection.execute(
        """
        select
            term, first_side, second_side, basis = 'practised', count(*),
            sum(case when yes_side = first_side then 1 else 0 end),
            sum(open_corporate_amount), sum(open_opportunity_count)
        from fct_definition_disagreements
        group by term, first_side, second_side, basis
        order by term, first_side <> 'shared', first_side, second_side
        """
    ).fetchall():
        shown = tuple(records.get((term, first, second), ()))
        found[term].append(Parting(first, second, practised, count, int(only_first), amount, int(open_count), shown))
    return found


def _records(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], list[PartingRecord]]:
    found: dict[tuple[str, str, str], list[PartingRecord]] = defaultdict(list)
    for entity, kept in KEPT.items():
        cursor = connection.execute(
            f"""
            with ranked as (
                select
                    *,
                    row_number() over (
                        partition by term, first_side, second_side
                        order by open_corporate_amount desc, record_key
                    ) as place
                from fct_definition_disagreements
                where entity = '{entity}'
            )
            select
                ranked.term, ranked.first_side, ranked.second_side, ranked.record_key, ranked.yes_side,
                ranked.no_side, ranked.unmet_criteria, ranked.open_corporate_amount, ranked.open_opportunity_count,
                records.*
            from ranked
            left join ({kept.today}) as records on ranked.record_key = records.{kept.key}
            where ranked.place <= {RECORDS_SHOWN}
            order by ranked.term, ranked.first_side, ranked.second_side, ranked.place
            """
        )
        names = [column[0] for column in cursor.description or []][9:]
        for term, first, second, record, yes, no, unmet, amount, count, *rest in cursor.fetchall():
            values = dict(zip(names, rest, strict=True))
            called = values[kept.name] if kept.name else None
            shown = PartingRecord(record, called, yes, no, tuple(unmet.split(", ")), amount, count, values)
            found[term, first, second].append(shown)
    return found


def _months(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[tuple[str, str], list[Month]]]:
    found: dict[str, dict[tuple[str, str], list[Month]]] = defaultdict(lambda: defaultdict(list))
    for term, first, second, *rest in connection.execute(
        f"""
        select
            term, first_side, second_side, period_key, record_count, only_first_count + only_second_count, kappa
        from agg_definition_divergence_monthly
        where end_date in (
            select distinct end_date from agg_definition_divergence_monthly order by end_date desc limit {MONTHS_SHOWN}
        )
        order by term, first_side, second_side, end_date
        """
    ).fetchall():
        found[term][first, second].append(Month(*rest))
    return {term: dict(by_pair) for term, by_pair in found.items()}
