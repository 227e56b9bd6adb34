"""Quarters, and what the calendar of definitions holds for one: reviews, and differences that expire."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from plumbline.definitions.importing import GovernedVariant
from plumbline.definitions.library import Governed, GovernedMeasure, Library
from plumbline.project.errors import PlumblineError
from plumbline.project.exit_codes import ExitCode

Word = Governed | GovernedMeasure


class QuarterError(PlumblineError):
    """The text names no quarter."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True)
class Quarter:
    """A quarter of the calendar year."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """As people write it: 2026-Q3."""
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Quarter:
        """The quarter after it."""
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def before(self) -> Quarter:
        """The quarter before it."""
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def quarter_of(text: str) -> Quarter:
    """The quarter that a text names. Raises QuarterError."""
    match = re.fullmatch(r"([12]\d{3})-?[Qq]([1-4])", text.strip())
    if match is None:
        raise QuarterError(f"`{text}` is no quarter.", "Write it as 2026-Q3.")
    return Quarter(int(match[1]), int(match[2]))


@dataclass(frozen=True)
class Review:
    """A word that is to be looked at again, and whether that is late on the day of the agenda."""

    word: Word
    due: date
    overdue: bool


def reviews(library: Library, quarter: Quarter, today: date) -> list[Review]:
    """Reviews that are due until the end of the quarter, or overdue today; the oldest first."""
    found = []
    for word in library.words:
        due = word.next_review
        if due is not None and (due <= quarter.last or due < today):
            found.append(Review(word, due, due < today))
    return sorted(found, key=lambda item: (item.due, item.word.term.term))


def expiring(variants: list[GovernedVariant], quarter: Quarter) -> list[GovernedVariant]:
    """Differences that were accepted until a day before the end of the next quarter; the first to expire first."""
    within = [
        found for found in variants if found.variant.expires is not None and found.variant.expires <= quarter.next.last
    ]
    return sorted(within, key=lambda found: (found.variant.expires or date.max, found.variant.variant))
