"""A backtest in words: paragraphs and tables, as plain text or as Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from plumbline.definitions.prover import Verdict
from plumbline.definitions.proving.objects import verdict_object
from plumbline.definitions.proving.proposals import Proposal
from plumbline.definitions.reporting.backtest import NOW, PROPOSED, Backtest, Load, MonthThen, Wins
from plumbline.definitions.reporting.records import Apart, Money
from plumbline.definitions.reporting.words import counterexample_sentence, decided_sentence, money, percent, plain

MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Grid:
    """A table: its head, and its rows of cells."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Part = str | Grid


def simulated(change: Proposal, verdict: Verdict, sentence: str, found: Backtest, as_of_date: date) -> Iterator[Part]:
    """The backtest, most important first."""
    names = (change.proposed.label, change.now.label)
    yield sentence
    for row in verdict.counterexamples:
        yield counterexample_sentence(row, change.governed.entity, names)
    yield from (f"Assumed: {assumption}." for assumption in verdict.assumptions)
    yield from _today(change, found.today, as_of_date)
    if found.months:
        yield from _months(found)
    if found.wins is not None:
        yield _wins(found.wins)
    if found.load is not None:
        yield _load(found.load, as_of_date)
    elif found.known_from is not None:
        yield f"No clock of {change.now.label} starts with the word itself."
    yield from (f"Unknown: {note}" if not note.startswith(("Clocks", "That it")) else note for note in found.unknown)


def _today(change: Proposal, today: Apart, as_of_date: date) -> Iterator[Part]:
    now, proposed = today.both + today.only_second, today.both + today.only_first
    yield (
        f"On {as_of_date}: {proposed:,} records instead of {now:,} of {today.record_count:,}; "
        f"{today.only_first:,} come in, {today.only_second:,} drop out."
    )
    moved = [
        f"{word} {money(part.amount, today.currency)} on {_deals(part)}"
        for word, part in (("in:", today.open_first), ("out:", today.open_second))
    ]
    yield f"Open pipeline on them, {'; '.join(moved)}."
    sides = {PROPOSED: change.proposed.criteria, NOW: change.now.criteria}
    teams = {PROPOSED: "the proposal", NOW: "today's version"}
    for record in today.records:
        yield f"- {decided_sentence(record, change.governed.entity, sides, teams, today.currency)}"


def _deals(part: Money) -> str:
    missing = f", {part.rate_missing_count:,} without a rate" if part.rate_missing_count else ""
    return f"{part.count:,} open {'opportunity' if part.count == 1 else 'opportunities'}{missing}"


def _months(found: Backtest) -> Iterator[Part]:
    yield (
        f"At the end of each month, past states judged by both as they are written now (known since "
        f"{found.known_from}); what became of them within {found.days_ahead} days:"
    )
    head = ["month", "now", "proposed", "in", "out", "nobody knows"]
    for outcome in found.outcomes:
        head += [f"{outcome}, now", f"{outcome}, proposed"]
    head += ["wins in", "wins out"]
    yield Grid(tuple(head), tuple(_month(month, found.outcomes) for month in found.months[-MONTHS_SHOWN:]))


def _month(month: MonthThen, outcomes: Sequence[str]) -> tuple[str, ...]:
    counts = (month.now, month.proposed, month.gained.count, month.lost.count, month.unknown_count)
    shares = [percent(month.conversion(outcome, side)) for outcome in outcomes for side in (False, True)]
    wins = [f"{cell.outcomes['won']:,}" if month.is_outcome_known else "–" for cell in (month.gained, month.lost)]
    return (month.period_key, *(f"{count:,}" for count in counts), *shares, *wins)


def _wins(found: Wins) -> str:
    unknown = f" Of {found.unknown:,} some state before the win is not known." if found.unknown else ""
    return (
        f"Of {found.count:,} records that won, {found.now:,} had met today's version before; the proposal would have "
        f"missed {found.missed:,} of them, and seen {found.gained:,} more.{unknown}"
    )


def _load(found: Load, as_of_date: date) -> str:
    clocks = " and ".join(f"`{level.id}` ({plain(level.owner)}, {level.within})" for level in found.levels)
    now, proposed = found.a_week(found.now), found.a_week(found.proposed)
    return (
        f"Clock {clocks}: {proposed} starts a week instead of {now} ({proposed - now:+}), over the {found.weeks} weeks "
        f"up to {as_of_date}."
    )


def told(parts: Sequence[Part], form: Literal["text", "md"]) -> str:
    """The parts as text, or as Markdown."""
    lines: list[str] = []
    for part in parts:
        if isinstance(part, Grid):
            lines += [*(_markdown(part) if form == "md" else _aligned(part)), ""]
        elif part.startswith("- "):
            lines.append(part if form == "md" else f"  {part[2:]}")
        else:
            # a list ends where a paragraph begins
            lines += [*([""] if lines and lines[-1] else []), part] if form == "md" or not lines else [part]
    return "\n".join(lines).rstrip() + "\n"


def _markdown(grid: Grid) -> list[str]:
    rows = [grid.head, tuple("---" if place == 0 else "---:" for place in range(len(grid.head))), *grid.rows]
    return ["", *(f"| {' | '.join(row)} |" for row in rows)]


def _aligned(grid: Grid) -> list[str]:
    widths = [max(len(row[place]) for row in (grid.head, *grid.rows)) for place in range(len(grid.head))]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (grid.head, *grid.rows)
    ]


def simulated_object(change: Proposal, verdict: Verdict, found: Backtest, as_of_date: date) -> dict[str, Any]:
    """The backtest for machines."""
    today = found.today
    return {
        "term": change.governed.term.term,
        "entity": change.governed.entity.entity,
        "now": {"label": change.now.label, "criteria": dict(change.now.criteria)},
        "proposed": {"criteria": dict(change.proposed.criteria)},
        "as_of_date": as_of_date.isoformat(),
        **verdict_object(verdict),
        "today": {
            "record_count": today.record_count,
            "now": today.both + today.only_second,
            "proposed": today.both + today.only_first,
            "in": today.only_first,
            "out": today.only_second,
            "pipeline_in": _money_object(today.open_first, today.currency),
            "pipeline_out": _money_object(today.open_second, today.currency),
            "records": [
                {"key": str(record.record_key), "comes": "in" if record.yes_side == PROPOSED else "out",
                 "unmet": list(record.unmet), "values": record.values}
                for record in today.records
            ],
        },
        "history_known_from": None if found.known_from is None else found.known_from.isoformat(),
        "outcome_days": found.days_ahead,
        "months": [_month_object(month, found.outcomes) for month in found.months],
        "wins": None if found.wins is None else vars(found.wins),
        "sla_load": None if found.load is None else _load_object(found.load),
        "unknown": list(found.unknown),
    }  # fmt: skip


def _money_object(part: Money, currency: str | None) -> dict[str, Any]:
    return {**vars(part), "amount": str(part.amount), "currency": currency}


def _month_object(month: MonthThen, outcomes: Sequence[str]) -> dict[str, Any]:
    def share(value: Decimal | None) -> float | None:
        return None if value is None else round(float(value), 4)

    return {
        "month": month.period_key,
        "record_count": month.record_count,
        "unknown_count": month.unknown_count,
        "now": month.now,
        "proposed": month.proposed,
        "in": month.gained.count,
        "out": month.lost.count,
        "is_outcome_known": month.is_outcome_known,
        "conversion": {
            outcome: {NOW: share(month.conversion(outcome, False)), PROPOSED: share(month.conversion(outcome, True))}
            for outcome in outcomes
        },
        "wins_in": month.gained.outcomes["won"] if month.is_outcome_known else None,
        "wins_out": month.lost.outcomes["won"] if month.is_outcome_known else None,
    }


def _load_object(load: Load) -> dict[str, Any]:
    return {
        "clocks": [level.id for level in load.levels],
        "weeks": load.weeks,
        "now": load.now,
        "proposed": load.proposed,
        "now_a_week": float(load.a_week(load.now)),
        "proposed_a_week": float(load.a_week(load.proposed)),
    }
