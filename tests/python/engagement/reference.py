"""What the engagement marts should hold, worked out again in plain Python, without the project's SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

MICRO = Decimal("0.000001")
PICO = Decimal("0.000000000001")


@dataclass(frozen=True, slots=True)
class Touch:
    """One touch of an account, with everybody who took part."""

    account_key: int
    team: str
    day: date
    weight: Decimal
    half_life_days: int
    is_activity: bool
    is_meeting: bool
    minutes: Decimal
    people: frozenset[int]


@dataclass(slots=True)
class Week:
    """One account, week and team."""

    touches: int
    activities: int
    meetings: int
    people: set[int]
    minutes: Decimal
    score: Decimal


def week_of(day: date, first_weekday: int = 0) -> date:
    """The first day of the week that a day falls in; weeks begin on Monday (0) unless told otherwise."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def decayed(weight: Decimal, age_days: int, half_life_days: int) -> Decimal:
    """Weight × 0.5^(age ÷ half-life), the factor rounded to twelve places."""
    factor = Decimal(repr(0.5 ** (age_days / half_life_days))).quantize(PICO, ROUND_HALF_UP)
    return weight * factor


def weeks_of(touches: Iterable[Touch], as_of: date) -> dict[tuple[int, date, str], Week]:
    """Weekly engagement per account and team, as of a day."""
    weeks: dict[tuple[int, date, str], Week] = defaultdict(lambda: Week(0, 0, 0, set(), Decimal(0), Decimal(0)))
    for touch in touches:
        week = weeks[touch.account_key, week_of(touch.day), touch.team]
        week.touches += 1
        week.activities += touch.is_activity
        week.meetings += touch.is_meeting
        week.people |= touch.people
        week.minutes += touch.minutes
        week.score += decayed(touch.weight, (as_of - touch.day).days, touch.half_life_days)
    for week in weeks.values():
        week.score = week.score.quantize(MICRO, ROUND_HALF_UP)
    return dict(weeks)
