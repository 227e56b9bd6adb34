"""What was published of a term's metrics, newest first, and what teams reported of them beside it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import duckdb

from plumbline.definitions.reporting.words import money

Unit = Literal["amount", "count", "share"]


@dataclass(frozen=True)
class Figure:
    """The figure that stands of a metric for its newest month or quarter, in total.

    `restated` is what today's version makes of the same records; None where that is no other figure.
    """

    period_key: str
    unit: Unit
    currency: str | None
    definitions: str
    value: Decimal | None
    restated: Decimal | None
    is_restated: bool
    without_rate: int
    unknown: int
    as_of_date: date

    @property
    def told(self) -> str:
        """The figure as people write it."""
        return figure(self.value, self.unit, self.currency)

    @property
    def told_today(self) -> str:
        """What today's version makes of it."""
        return figure(self.restated, self.unit, self.currency) if self.is_restated else "the same"

    @property
    def notes(self) -> str:
        """What the figure leaves out."""
        parts = []
        if self.without_rate:
            parts.append(f"{self.without_rate:,} without an exchange rate")
        if self.unknown:
            parts.append(f"{self.unknown:,} of which that is not known")
        return f"leaves out {' and '.join(parts)}" if parts else ""


@dataclass(frozen=True)
class Gap:
    """A team's own number beside the official one, and why they part."""

    period_key: str
    team: str
    unit: Unit
    currency: str | None
    reported: Decimal | None
    reported_on: date | None
    official: Decimal | None
    parts: tuple[tuple[str, Decimal], ...]
    unknown: str
    rejected: str | None

    @property
    def told(self) -> str:
        """In a sentence."""
        team = self.team.replace("_", " ").capitalize()
        said = f"{team} reported {self._shown(self.reported)} for {self.period_key}"
        said += "" if self.reported_on is None else f" on {self.reported_on}"
        if self.rejected is not None:
            return f"{said}, which cannot be used: {self.rejected}."
        if self.official is None or self.reported is None:
            return f"{said}; there is no official figure to hold it against."
        if self.reported == self.official:
            return f"{said}, as was published."
        why = ", ".join(f"{name} {self._shown(part, signed=True)}" for name, part in self.parts if part)
        open_ = f"; not known: {self.unknown}" if self.unknown else ""
        return (
            f"{said}, {self._shown(self.reported - self.official, signed=True)} against the official "
            f"{self._shown(self.official)}: {why or 'nobody knows why'}{open_}."
        )

    def _shown(self, value: Decimal | None, signed: bool = False) -> str:
        return figure(value, self.unit, self.currency, signed)


@dataclass(frozen=True)
class Published:
    """Figures and gaps of one metric."""

    figures: tuple[Figure, ...] = ()
    gaps: tuple[Gap, ...] = ()


def figure(value: Decimal | None, unit: Unit, currency: str | None, signed: bool = False) -> str:
    """A number of a metric: money with its currency, a share in per cent; a difference of shares in points."""
    if value is None:
        return "not known"
    sign = ("−" if value < 0 else "+") if signed else ""
    number = abs(value) if signed else value
    if unit == "share":
        return f"{sign}{number * 100:.1f} {'points' if signed else '%'}"
    return sign + (money(number, currency) if unit == "amount" else f"{number:,.0f}")


def published(connection: duckdb.DuckDBPyConnection) -> dict[str, Published]:
    """By metric: the newest month and the newest quarter, and every number that a team reported."""
    figures, currencies = _figures(connection)
    gaps = _gaps(connection, currencies)
    return {
        metric: Published(tuple(figures.get(metric, ())), tuple(gaps.get(metric, ())))
        for metric in sorted({*figures, *gaps})
    }


def _figures(connection: duckdb.DuckDBPyConnection) -> tuple[dict[str, list[Figure]], dict[str, str | None]]:
    found: dict[str, list[Figure]] = defaultdict(list)
    currencies: dict[str, str | None] = {}
    for metric, currency, *rest in connection.execute(
        """
        with standing as (
            select * from fct_metric_results where is_standing and slice_type = 'total'
        ),

        ranked as (
            select
                *,
                -- months are FY2026-M06, quarters FY2026-Q2
                row_number() over (partition by metric, period_key like '%-Q%' order by period_key desc) as place
            from standing
            where basis = 'in_force_then'
        )

        select
            ranked.metric, ranked.currency_code, ranked.period_key, ranked.unit, ranked.currency_code,
            ranked.definitions, ranked.metric_value, restated.metric_value, restated.metric is not null,
            ranked.rate_missing_count, ranked.unknown_count, ranked.as_of_date
        from ranked
        left join standing as restated
            on ranked.metric = restated.metric
            and ranked.period_key = restated.period_key
            and restated.basis = 'restated'
        where ranked.place = 1
        order by ranked.metric, ranked.period_key
        """
    ).fetchall():
        found[metric].append(Figure(*rest))
        currencies[metric] = currency
    return found, currencies


def _gaps(connection: duckdb.DuckDBPyConnection, currencies: dict[str, str | None]) -> dict[str, list[Gap]]:
    """Reported amounts are in corporate currency, like the official figures that they stand beside."""
    found: dict[str, list[Gap]] = defaultdict(list)
    for metric, period, team, unit, reported, day, official, *parts, unknown, rejected in connection.execute(
        """
        select
            metric, period_key, team, unit, reported_value, reported_date, official_value,
            definition_difference, timing_difference, scope_difference, unexplained_difference,
            coalesce(unknown_parts, ''), rejection_reason
        from fct_reported_metric_gaps
        order by metric, period_key desc, team, report_id
        """
    ).fetchall():
        named = zip(("definition", "timing", "scope", "unexplained"), parts, strict=True)
        known = tuple((name, part) for name, part in named if part is not None)
        gap = Gap(period, team, unit, currencies.get(metric), reported, day, official, known, unknown, rejected)
        found[metric].append(gap)
    return found
