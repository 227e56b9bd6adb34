"""Days and microseconds: what a unit begins with, and a shift by months. Python's years, 1 to 9999."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from plumbline.definitions.prover.terms import Unit

DAY = 86_400_000_000
_EPOCH = date(1970, 1, 1)
_LONGEST: dict[str, int] = {"month": 31, "quarter": 92, "year": 366}
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class OutOfRangeError(ValueError):
    """A day outside of the years 1 to 9999."""


def days(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970-01-01 00:00."""
    since = moment - datetime(1970, 1, 1)  # noqa: DTZ001 - timestamps are UTC without a zone
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def day_of(number: int) -> date:
    """The date that many days after 1970-01-01. Raises OutOfRangeError."""
    try:
        return _EPOCH + timedelta(days=number)
    except OverflowError as error:
        raise OutOfRangeError(str(number)) from error


def moment_of(number: int) -> datetime:
    """The timestamp that many microseconds after 1970-01-01 00:00. Raises OutOfRangeError."""
    try:
        return datetime(1970, 1, 1) + timedelta(microseconds=number)  # noqa: DTZ001 - timestamps are UTC without a zone
    except OverflowError as error:
        raise OutOfRangeError(str(number)) from error


def start_of(unit: Unit, day: int) -> int:
    """The first day of the month, quarter or year in which a day lies. Raises OutOfRangeError."""
    found = day_of(day)
    if unit == "month":
        return days(found.replace(day=1))
    if unit == "quarter":
        return days(found.replace(month=3 * ((found.month - 1) // 3) + 1, day=1))
    return days(found.replace(month=1, day=1))


def start_of_next(unit: Unit, day: int) -> int:
    """The first day of the following month, quarter or year. Raises OutOfRangeError."""
    start = start_of(unit, day)
    return shifted({"month": 1, "quarter": 3, "year": 12}[unit], start)


def shifted(months: int, day: int) -> int:
    """A day some months later, clipped to the month's last. Raises OutOfRangeError."""
    found = day_of(day)
    month = found.year * 12 + found.month - 1 + months
    year, index = divmod(month, 12)
    if not 1 <= year <= 9998:
        raise OutOfRangeError(str(day))
    first = date(year, index + 1, 1)
    following = date(year + (index == 11), (index + 1) % 12 + 1, 1)
    last = (following - first).days
    return days(first.replace(day=min(found.day, last)))


def stretch(months: int, day: int) -> tuple[int, int, int]:
    """First and last day of a stretch around `day` that a shift moves by the same number of days, and that number."""
    moved = shifted(months, day) - day
    first = start_of("month", day)
    target = shifted(months, first)
    # Days that the target month has, too; each later one is clipped by another number of days.
    last = first + min(start_of_next("month", first) - first, start_of_next("month", target) - target) - 1
    return (first, last, moved) if day <= last else (day, day, moved)


def longest(unit: Unit) -> int:
    """The most days that a month, quarter or year has."""
    return _LONGEST[unit]


@lru_cache(maxsize=256)
def shift_bounds(months: int) -> tuple[int, int]:
    """The least and the most days by which a shift by months moves any day; wider than needed by up to three days."""
    count = abs(months)
    sums = [sum(_LENGTHS[(first + step) % 12] for step in range(count)) for first in range(12)]
    leap_days = count // 48, count // 12 + 2
    least = min(sums) + max(leap_days[0] - 2, 0) - 3
    most = max(sums) + leap_days[1]
    return (least, most) if months >= 0 else (-most, -least)
