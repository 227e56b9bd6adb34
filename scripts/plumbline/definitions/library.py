"""All definitions of a project, loaded and known to be usable."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from plumbline.definitions.conditions import All, Node, columns
from plumbline.definitions.meaning import meaning
from plumbline.definitions.reading import parse
from plumbline.definitions.recorded import Recorded
from plumbline.definitions.schemas import AnyVersion, Criterion, Entity, Measure, MeasureVersion, SignOff, Term, Version
from plumbline.definitions.yaml_files import Document

V = TypeVar("V", Version, MeasureVersion)
Standing = Literal["draft", "partly_signed", "signed"]


class _Governed(Generic[V]):
    """What terms and measures have in common: versions in force, sign-offs and reviews."""

    term: Any
    entity: Entity
    document: Document
    recorded: Mapping[int, Recorded]

    def in_force(self, day: date) -> V:
        """The version in force on a day. Days before the first version are judged by the first."""
        begun = [version for version in self._versions if version.effective_from <= day]
        return begun[-1] if begun else self._versions[0]

    @property
    def newest(self) -> V:
        """The version that holds when no day is asked for."""
        return self._versions[-1]

    def effective_to(self, version: AnyVersion) -> date | None:
        """The last day of a version: the day before the next begins."""
        later = [other for other in self._versions if other.effective_from > version.effective_from]
        return later[0].effective_from - timedelta(days=1) if later else None

    def unsigned(self, version: AnyVersion) -> list[str]:
        """The teams whose agreement to the version's present meaning is missing."""
        signed = {sign_off.team for sign_off in self.valid_sign_offs(version)}
        return [team for team in self.term.required_sign_offs if team not in signed]

    def standing(self, version: AnyVersion) -> Standing:
        """How far a version is agreed to: by nobody, by some of the required teams, or by all of them."""
        if not self.unsigned(version):
            return "signed"
        return "partly_signed" if self.valid_sign_offs(version) else "draft"

    def valid_sign_offs(self, version: AnyVersion) -> list[SignOff]:
        """The sign-offs of the version's present meaning."""
        present = self.meanings(version)
        return [sign_off for sign_off in version.sign_off if sign_off.meaning in present]

    def meanings(self, version: AnyVersion) -> frozenset[str]:
        """The hash of what a version says, and those that are on record as proved to mean the same."""
        present = meaning(self.term, version)
        recorded = self.recorded.get(version.version)
        known = recorded is not None and present in recorded.meanings
        return recorded.meanings if recorded is not None and known else frozenset({present})

    def meaning(self, version: AnyVersion) -> str:
        """The meaning that people signed: kept when a change of the wording was proved to change nothing."""
        recorded = self.recorded.get(version.version)
        present = meaning(self.term, version)
        return recorded.meaning if recorded is not None and present in recorded.meanings else present

    @property
    def next_review(self) -> date | None:
        """The day on which the term is due to be looked at again; None for a draft.

        A sign-off of another meaning is no look at what the newest version means now.
        """
        review = self.term.review
        last = review.last or max((sign_off.on for sign_off in self.valid_sign_offs(self.newest)), default=None)
        if last is None:
            return None
        count, unit = review.every.split(" ")
        return _later(last, int(count), unit.rstrip("s"))

    @property
    def _versions(self) -> list[V]:
        return list(self.term.versions)


@dataclass(frozen=True)
class Governed(_Governed[Version]):
    """A term with the entity that it is about and the file that it stands in."""

    term: Term
    entity: Entity
    document: Document
    recorded: Mapping[int, Recorded] = field(default_factory=dict)

    def condition(self, version: Version) -> Node:
        """All criteria of a version, joined by AND."""
        return joined(version.criteria)

    @property
    def columns(self) -> list[str]:
        """The canonical columns that any version looks at."""
        return sorted({name for version in self.term.versions for name in columns(self.condition(version))})


@dataclass(frozen=True)
class GovernedMeasure(_Governed[MeasureVersion]):
    """A measure with the entity whose rows it is made of and the file that it stands in."""

    term: Measure
    entity: Entity
    document: Document
    recorded: Mapping[int, Recorded] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """The canonical columns that any version looks at."""
        return sorted({name for version in self.term.versions for part in _parts(version) for name in columns(part)})


@dataclass(frozen=True)
class Library:
    """Entities, terms and measures by name, in the order of their names."""

    root: Path
    entities: dict[str, Entity]
    terms: dict[str, Governed]
    measures: dict[str, GovernedMeasure]

    @property
    def words(self) -> list[Governed | GovernedMeasure]:
        """All that is governed, in the order of its names."""
        return sorted([*self.terms.values(), *self.measures.values()], key=lambda governed: governed.term.term)


def joined(criteria: dict[str, Criterion]) -> Node:
    """Criteria, all of which have to hold, as one condition."""
    parts = [parse(criterion.sql) for criterion in criteria.values()]
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _parts(version: MeasureVersion) -> list[Node]:
    made_of = [version.numerator, *([version.denominator] if version.denominator else [])]
    return [joined(version.cohort), *[parse(part.sql) for part in made_of]]


def _later(start: date, count: int, unit: str) -> date:
    """`start` plus a number of days, weeks, months or years; the last day of a month stays its last."""
    if unit in ("day", "week"):
        return start + timedelta(days=count * (7 if unit == "week" else 1))
    months = start.year * 12 + start.month - 1 + count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
