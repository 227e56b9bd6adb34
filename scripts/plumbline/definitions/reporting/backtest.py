"""What a changed condition would have done: by month on the records as they stood, on wins, on clocks, and today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import duckdb

from plumbline.definitions.proving.proposals import Proposal
from plumbline.definitions.reporting.records import Apart, NoRecordsError, apart, kept, must_have, truth
from plumbline.definitions.schemas import ServiceLevel

NOW, PROPOSED = "now", "proposed"
WEEKS = 52
_DEALS = """
    select people.person_key as record_key, deals.{at} as happened_at
    from bridge_opportunity_people as people
    inner join fct_opportunities as deals on people.opportunity_key = deals.opportunity_key
    where people.is_primary and deals.{at} is not null
"""
# What may become of a record, as agg_definition_divergence_monthly has it: which record, and when.
_OUTCOMES: Mapping[str, Mapping[str, str]] = {
    "opportunity": {
        "won": "select opportunity_key as record_key, won_at as happened_at from fct_opportunities "
        "where won_at is not null"
    },
    "person": {
        "accepted": "select person_key as record_key, became_sal_at as happened_at from dim_people "
        "where became_sal_at is not null",
        "opportunity": _DEALS.format(at="created_at"),
        "won": _DEALS.format(at="won_at"),
    },
}
_CELLS = {"both": "now_says and new_says", "lost": "now_says and not new_says", "gained": "new_says and not now_says"}


@dataclass(frozen=True)
class Cell:
    """Records of one kind, and how many of them had each outcome within the days that are looked ahead."""

    count: int
    outcomes: Mapping[str, int]


@dataclass(frozen=True)
class MonthThen:
    """The end of a month: records in both, those that the change would have lost and gained, those nobody knows of."""

    period_key: str
    record_count: int
    unknown_count: int
    both: Cell
    lost: Cell
    gained: Cell
    is_outcome_known: bool

    @property
    def now(self) -> int:
        """Volume by the version in force."""
        return self.both.count + self.lost.count

    @property
    def proposed(self) -> int:
        """Volume by the proposed version."""
        return self.both.count + self.gained.count

    def conversion(self, outcome: str, proposed: bool) -> Decimal | None:
        """The share of the volume that had an outcome; None while that is not known."""
        volume = self.proposed if proposed else self.now
        if not self.is_outcome_known or not volume:
            return None
        other = self.gained if proposed else self.lost
        return Decimal(self.both.outcomes[outcome] + other.outcomes[outcome]) / volume


@dataclass(frozen=True)
class Wins:
    """Records that won: seen before by the version in force, missed by the change, gained by it."""

    count: int
    now: int
    missed: int
    gained: int
    unknown: int


@dataclass(frozen=True)
class Load:
    """Records that first met each version, in the last weeks: each would start the clocks of `levels`."""

    levels: tuple[ServiceLevel, ...]
    weeks: int
    now: int
    proposed: int

    def a_week(self, count: int) -> Decimal:
        """Starts a week, on average."""
        return (Decimal(count) / self.weeks).quantize(Decimal("0.1"))


@dataclass(frozen=True)
class Backtest:
    """All of it; `unknown` says in words what cannot be told."""

    today: Apart
    months: tuple[MonthThen, ...]
    outcomes: tuple[str, ...]
    days_ahead: int
    wins: Wins | None
    load: Load | None
    known_from: date | None
    unknown: tuple[str, ...]


def backtest(
    connection: duckdb.DuckDBPyConnection,
    change: Proposal,
    as_of_date: date,
    days_ahead: int,
    zone: str,
    limit: int,
) -> Backtest:
    """Both versions on the records of the marts, as they are and as they stood. Raises NoRecordsError.

    Past states are judged by both versions as they are written now: what the version in force then said does not
    matter here. `zone` is where days begin and end, `days_ahead` how long an outcome is waited for.
    """
    entity = change.governed.entity
    today = apart(connection, entity, (PROPOSED, change.proposed.criteria), (NOW, change.now.criteria), limit)
    outcomes = tuple(_OUTCOMES.get(entity.entity, ()))
    past, unknown = _past(connection, change)
    if past is None:
        return Backtest(today, (), outcomes, days_ahead, None, None, None, tuple(unknown))
    found = _Past(connection, past, _OUTCOMES[entity.entity], as_of_date, days_ahead, zone)
    known_from, states, lost_states = found.known()
    if lost_states:
        unknown.append(
            f"Of {states:,} past states, {lost_states:,} are of a time that no record tells: they are left out, and "
            "counted by month."
        )
    levels = tuple(level for level in change.version.sla if level.start == f"became_{change.governed.term.term}_at")
    load = found.load(levels) if levels else None
    unknown += _other_clocks(change, levels)
    return Backtest(today, found.months(), outcomes, days_ahead, found.wins(), load, known_from, tuple(unknown))


def _past(connection: duckdb.DuckDBPyConnection, change: Proposal) -> tuple[str | None, list[str]]:
    """Each past state with what both say of it, or why there is none."""
    entity = change.governed.entity
    found = kept(entity)
    notes = []
    if change.version.comes_from is not None:
        notes.append(f"That it is reached only from {change.version.comes_from} is the same in both, and left out.")
    if found.past is None:
        unknown = (
            f"The marts keep no past states of an {entity.name.lower()}: what the change would have done is not known."
        )
        return None, [*notes, unknown]
    try:
        must_have(connection, found.past, entity, {**change.now.criteria, **change.proposed.criteria}, "past states")
    except NoRecordsError as error:
        return None, [*notes, f"What the change would have done is not known: {error.what[0].lower()}{error.what[1:]}"]
    sql = f"""
        select
            states.{found.key} as record_key, states.valid_from_at, states.valid_to_at,
            states.evidence = 'unknown' as is_unknown,
            {truth(change.now.criteria)} as now_says, {truth(change.proposed.criteria)} as new_says
        from ({found.past}) as states
        where {found.counts}
    """
    return sql, notes


def _other_clocks(change: Proposal, levels: Sequence[ServiceLevel]) -> list[str]:
    others = [f"`{level.id}` starts at {level.start}" for level in change.version.sla if level not in levels]
    return [f"Clocks that do not start with the word itself are not counted: {', '.join(others)}."] if others else []


class _Past:
    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        past: str,
        outcomes: Mapping[str, str],
        as_of_date: date,
        days_ahead: int,
        zone: str,
    ) -> None:
        self.connection, self.past, self.outcomes = connection, past, outcomes
        self.as_of_date, self.days_ahead, self.zone = as_of_date, int(days_ahead), zone

    def known(self) -> tuple[date | None, int, int]:
        """The first day of which anything is known, how many states there are, and how many nobody knows of."""
        row = self.connection.execute(
            "select min(valid_from_at) filter (not is_unknown), count(*), count(*) filter (is_unknown) "
            f"from ({self.past})"
        ).fetchone()
        assert row is not None
        first: datetime | None = row[0]
        return None if first is None else first.date(), row[1], row[2]

    def months(self) -> tuple[MonthThen, ...]:
        """The ends of the months, oldest first; those before anything is known are left out."""
        counts = [
            f"count(*) filter ({cell} and not is_unknown{extra})"
            for cell in _CELLS.values()
            for extra in ("", *(f" and had_{outcome}" for outcome in self.outcomes))
        ]
        rows = self.connection.execute(
            f"""
            {self._stood()}
            select
                period_key, count(*) filter (not is_unknown), count(*) filter (is_unknown),
                max(end_date) + {self.days_ahead} <= date '{self.as_of_date}', {", ".join(counts)}
            from stood
            group by period_key
            having count(*) filter (not is_unknown) > 0
            order by max(end_date)
            """
        ).fetchall()
        return tuple(self._month(row) for row in rows)

    def _month(self, row: tuple[object, ...]) -> MonthThen:
        key, records, unknown, is_known, *counts = row
        width = 1 + len(self.outcomes)
        cells = []
        for place in range(len(_CELLS)):
            count, *outcomes = (int(str(number)) for number in counts[place * width : (place + 1) * width])
            cells.append(Cell(count, dict(zip(self.outcomes, outcomes, strict=True))))
        both, lost, gained = cells
        return MonthThen(str(key), int(str(records)), int(str(unknown)), both, lost, gained, bool(is_known))

    def _stood(self) -> str:
        """Every record at the end of every month, with what both say of it and what became of it."""
        later = "".join(
            f"""
            later_{outcome} as (
                select distinct moments.record_key, periods.period_key
                from ({moments}) as moments
                inner join periods
                    on moments.happened_at >= periods.ends_at
                    and {self._day("moments.happened_at")} <= periods.end_date + {self.days_ahead}
            ),"""
            for outcome, moments in self.outcomes.items()
        )
        had = "".join(f", later_{outcome}.record_key is not null as had_{outcome}" for outcome in self.outcomes)
        joins = "".join(
            f"""
                left join later_{outcome}
                    on states.record_key = later_{outcome}.record_key
                    and periods.period_key = later_{outcome}.period_key"""
            for outcome in self.outcomes
        )
        return f"""
            with periods as (
                select period_key, end_date, ends_at from dim_periods
                where period_type = 'month' and (is_past or is_current)
            ),{later}
            stood as (
                select states.*, periods.period_key, periods.end_date{had}
                from ({self.past}) as states
                inner join periods
                    on states.valid_from_at < periods.ends_at
                    and (states.valid_to_at is null or states.valid_to_at >= periods.ends_at){joins}
            )
        """

    def wins(self) -> Wins:
        """Records that won, and which version had said yes of a state before the win."""
        row = self.connection.execute(
            f"""
            with seen as (
                select
                    wins.record_key,
                    coalesce(bool_or(states.now_says and not states.is_unknown), false) as now_before,
                    coalesce(bool_or(states.new_says and not states.is_unknown), false) as new_before,
                    coalesce(bool_or(states.is_unknown), true) as is_unknown
                from (
                    select record_key, max(happened_at) as happened_at from ({self.outcomes["won"]}) group by record_key
                ) as wins
                left join ({self.past}) as states
                    on wins.record_key = states.record_key and states.valid_from_at < wins.happened_at
                group by wins.record_key
            )
            select
                count(*), count(*) filter (now_before), count(*) filter (now_before and not new_before),
                count(*) filter (new_before and not now_before), count(*) filter (is_unknown)
            from seen
            """
        ).fetchone()
        assert row is not None
        return Wins(*row)

    def load(self, levels: tuple[ServiceLevel, ...]) -> Load:
        """How many records first met each version in the last weeks."""
        row = self.connection.execute(
            f"""
            with first_met as (
                select
                    min(valid_from_at) filter (now_says and not is_unknown) as now_at,
                    min(valid_from_at) filter (new_says and not is_unknown) as new_at
                from ({self.past}) group by record_key
            )
            select
                count(*) filter ({self._day("now_at")} > date '{self.as_of_date}' - {7 * WEEKS}),
                count(*) filter ({self._day("new_at")} > date '{self.as_of_date}' - {7 * WEEKS})
            from first_met
            """
        ).fetchone()
        assert row is not None
        return Load(levels, WEEKS, *row)

    def _day(self, moment: str) -> str:
        """The day of a UTC instant where the business is, as the models cut it."""
        if self.zone == "UTC":
            return f"cast({moment} as date)"
        return f"cast({moment} at time zone 'UTC' at time zone '{self.zone}' as date)"
