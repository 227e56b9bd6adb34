"""The agenda of a quarterly review: what became of meanings, what of agreement, and what people have to decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import duckdb

from plumbline.definitions.importing import GovernedVariant, load_variants
from plumbline.definitions.library import Governed, GovernedMeasure, Library
from plumbline.definitions.proving.meanings import differing, relation, said, versions_of
from plumbline.definitions.proving.variants import Provers
from plumbline.definitions.reporting import words
from plumbline.definitions.reporting.measured import Headline, headline
from plumbline.definitions.reporting.templating import template
from plumbline.definitions.reporting.tolerances import Agreement, Breach, agreements, breaches
from plumbline.definitions.reviewing import Quarter, Review, expiring, reviews
from plumbline.definitions.schemas import AnyVersion
from plumbline.definitions.signing.codes import short_code
from plumbline.definitions.signing.sign import in_question

Word = Governed | GovernedMeasure
Marts = tuple[duckdb.DuckDBPyConnection, date]
_PARTINGS_SHOWN = 10


@dataclass(frozen=True)
class Changed:
    """A version that took effect in the quarter, and how it relates to the one before it."""

    word: Word
    version: AnyVersion
    told: str
    row: str | None


@dataclass(frozen=True)
class Moved:
    """Two sides of a term at the end of the quarter, and at the end of the quarter before it."""

    now: Agreement
    before: Agreement | None
    word: str
    sides: str

    @property
    def moved(self) -> Decimal | None:
        """By how much of what either means the disputed share moved; None where one of both is not known."""
        then = None if self.before is None else self.before.disputed_share
        return None if self.now.disputed_share is None or then is None else self.now.disputed_share - then

    @property
    def told(self) -> str:
        """In a sentence."""
        parted = self.now.only_first + self.now.only_second
        records = "record" if parted == 1 else "records"
        share = f"{words.percent(self.now.disputed_share)} of what either means, {parted:,} {records}"
        kappa = "" if self.now.kappa is None else f", kappa {self.now.kappa:.2f}"
        if self.moved is None:
            trend = "nothing to compare it with a quarter before"
        else:
            points = abs(self.moved) * 100
            way = "unchanged" if not round(points, 1) else f"{'up' if self.moved > 0 else 'down'} {points:.1f} points"
            trend = f"{way} against the quarter before"
        return f"{share}{kappa}; {trend}"


@dataclass(frozen=True)
class Intolerable:
    """Two sides of a term that are further apart than it tolerates, in a sentence by the names that people know."""

    breach: Breach
    told: str


@dataclass(frozen=True)
class Unsigned:
    """A version that waits for sign-offs."""

    word: Word
    version: AnyVersion
    waits_for: tuple[str, ...]
    standing: str


@dataclass(frozen=True)
class Decision:
    """A question for the round, and how its answer is recorded."""

    question: str
    recorded: str


@dataclass(frozen=True)
class Agenda:
    """All that a round of a quarter goes through."""

    quarter: Quarter
    today: date
    changed: tuple[Changed, ...]
    reworded: tuple[str, ...]
    counted_on: str
    first: Headline | None
    moved: tuple[Moved, ...]
    intolerable: tuple[Intolerable, ...]
    expiring: tuple[GovernedVariant, ...]
    reviews: tuple[Review, ...]
    unsigned: tuple[Unsigned, ...]

    @property
    def overdue(self) -> bool:
        """Whether any review is overdue."""
        return any(item.overdue for item in self.reviews)

    @property
    def decisions(self) -> list[Decision]:
        """What has to be decided, and where the answer goes."""
        return list(_decisions(self))


def make_agenda(library: Library, quarter: Quarter, today: date, marts: Marts | None) -> Agenda:
    """The agenda. Raises DefinitionsError when a variant cannot be read."""
    variants = load_variants(library)
    first, moved, intolerable, counted_on = _measured(library, variants, quarter, marts)
    return Agenda(
        quarter,
        today,
        tuple(_changed(library, quarter)),
        tuple(_reworded(library)),
        counted_on,
        first,
        moved,
        intolerable,
        tuple(expiring(list(variants.values()), quarter)),
        tuple(reviews(library, quarter, today)),
        tuple(_unsigned(library, quarter)),
    )


def render_agenda(agenda: Agenda, kind: Literal["text", "md", "html"]) -> str:
    """The agenda as text for a terminal, as Markdown, or as a page."""
    text = str(template(f"agenda.{kind}.j2").render(agenda=agenda, words=words, short_code=short_code))
    return text.rstrip("\n") + ("\n" if kind != "text" else "")


def agenda_object(agenda: Agenda) -> dict[str, Any]:
    """The agenda for machines."""
    return {
        "quarter": agenda.quarter.name,
        "today": agenda.today.isoformat(),
        "changed": [
            {"term": item.word.term.term, "version": item.version.version, "told": item.told, "row": item.row}
            for item in agenda.changed
        ],
        "reworded": list(agenda.reworded),
        "counted_on": agenda.counted_on,
        "disputed_share": None if agenda.first is None or agenda.first.share is None else float(agenda.first.share),
        "divergence": [
            {
                "term": item.now.term,
                "sides": [item.now.first_side, item.now.second_side],
                "month": item.now.period_key,
                "disputed_share": _number(item.now.disputed_share),
                "kappa": _number(item.now.kappa),
                "moved": _number(item.moved),
            }
            for item in agenda.moved
        ],
        "outside_tolerance": [
            {
                "term": item.breach.agreement.term,
                "sides": [item.breach.agreement.first_side, item.breach.agreement.second_side],
                "limits": list(item.breach.says),
                "told": item.told,
            }
            for item in agenda.intolerable
        ],
        "expiring": [
            {"variant": item.variant.variant, "term": item.variant.term, "expires": str(item.variant.expires)}
            for item in agenda.expiring
        ],
        "reviews": [
            {"term": item.word.term.term, "due": item.due.isoformat(), "overdue": item.overdue}
            for item in agenda.reviews
        ],
        "unsigned": [
            {
                "term": item.word.term.term,
                "version": item.version.version,
                "standing": item.standing,
                "waits_for": list(item.waits_for),
            }
            for item in agenda.unsigned
        ],
        "decisions": [vars(item) for item in agenda.decisions],
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


# What became of meanings ------------------------------------------------------------------------------------


def _changed(library: Library, quarter: Quarter) -> Iterator[Changed]:
    with Provers() as provers:
        for word in library.words:
            versions = versions_of(word)
            for before, version in zip([None, *versions], versions, strict=False):
                if version.effective_from in quarter:
                    yield _one_changed(provers, word, before, version)


def _one_changed(provers: Provers, word: Word, before: AnyVersion | None, version: AnyVersion) -> Changed:
    if before is None:
        return Changed(word, version, "the first version", None)
    then, now = said(word.term, before), said(word.term, version)
    verdict = relation(provers.of(word.entity), then, now)
    others = [item for item in differing(then, now) if item != "first day"]
    told = "not proved to be the same" if verdict.verdict == "unknown" else verdict.verdict
    told += " against the version before" + (f"; other {', '.join(others)}" if others else "")
    names = (f"version {version.version}", f"version {before.version}")
    row = (
        words.counterexample_sentence(verdict.counterexamples[0], word.entity, names)
        if verdict.counterexamples
        else None
    )
    return Changed(word, version, told, row)


def _reworded(library: Library) -> Iterator[str]:
    """Versions of which another wording is on record, proved to mean the same; the record keeps no day."""
    for word in library.words:
        for number, recorded in sorted(word.recorded.items()):
            if recorded.also:
                yield f"{word.term.name}, version {number}"


# What became of agreement -----------------------------------------------------------------------------------


def _measured(
    library: Library, variants: Mapping[str, GovernedVariant], quarter: Quarter, marts: Marts | None
) -> tuple[Headline | None, tuple[Moved, ...], tuple[Intolerable, ...], str]:
    if marts is None:
        return None, (), (), "Nothing is counted: there are no built marts."
    connection, as_of_date = marts
    try:
        now = agreements(connection, quarter.first, quarter.last)
        before = agreements(connection, quarter.before.first, quarter.before.last)
        first = headline(connection, as_of_date)
    except duckdb.CatalogException:
        return None, (), (), "Nothing is counted: the built marts are from before these tables. Build them again."
    if not now:
        return first, (), (), f"The marts of {as_of_date} hold no month of {quarter.name}."
    known = {(item.term, item.first_side, item.second_side): item for item in before}
    moved = [
        Moved(
            item,
            known.get((item.term, item.first_side, item.second_side)),
            _called(library, item.term),
            _pair(variants, item),
        )
        for item in now
    ]
    # what nobody means is in no dispute
    moved = [item for item in moved if item.now.disputed_share]
    moved.sort(key=lambda item: -(item.now.disputed_share or 0))
    intolerable = tuple(
        Intolerable(
            found,
            f"{found.governed.term.name}: {_pair(variants, found.agreement)} {' and '.join(found.says.values())}.",
        )
        for found in breaches(library, now)
    )
    told = f"Counted at the end of {now[0].period_key}, in marts of {as_of_date}.{_without_months(library, connection)}"
    return first, tuple(moved[:_PARTINGS_SHOWN]), intolerable, told


def _called(library: Library, term: str) -> str:
    """A word by its title; the marts may know one that is no more."""
    found = library.terms.get(term)
    return words.plain(term) if found is None else found.term.name


def _pair(variants: Mapping[str, GovernedVariant], found: Agreement) -> str:
    return f"{words.called(found.first_side, variants)} and {words.called(found.second_side, variants)}"


def _without_months(library: Library, connection: duckdb.DuckDBPyConnection) -> str:
    """The words on which sides part and of which no past is kept, so that no month has them."""
    rows = connection.execute(
        """
        select term, count(distinct record_key) from fct_definition_disagreements
        where basis = 'stated' and term not in (select term from agg_definition_divergence_monthly)
        group by term order by term
        """
    ).fetchall()
    told = ", ".join(
        f"“{_called(library, term)}” on {count:,} {'record' if count == 1 else 'records'}" for term, count in rows
    )
    return f" Without a month, since no past is kept: sides part today over {told}." if rows else ""


# What waits for people --------------------------------------------------------------------------------------


def _unsigned(library: Library, quarter: Quarter) -> Iterator[Unsigned]:
    for word in library.words:
        for version in in_question(word, quarter.last):
            waits_for = tuple(word.unsigned(version))
            if waits_for:
                yield Unsigned(word, version, waits_for, words.plain(word.standing(version)))


def _decisions(agenda: Agenda) -> Iterator[Decision]:
    for review in agenda.reviews:
        yield Decision(
            f"Does “{review.word.term.name}” still mean what it should?",
            f"Set `last:` under `review:` in `{review.word.document.path}`; a change is a new version.",
        )
    for found in agenda.expiring:
        variant = found.variant
        yield Decision(
            f"May {words.plain(variant.team)} go on differing on “{found.governed.term.name}” after {variant.expires}, "
            f"as “{variant.name}” does?",
            f"Another `expires:` in `{found.document.path}`; else the team changes its filter, or a version begins.",
        )
    for item in agenda.intolerable:
        yield Decision(f"{item.told} Who moves?", "A new version, another filter, or another `tolerance:`.")
    for waiting in agenda.unsigned:
        term, number = waiting.word.term.term, waiting.version.version
        yield Decision(
            f"{'Does' if len(waiting.waits_for) == 1 else 'Do'} {words.listed(waiting.waits_for)} agree to "
            f"“{waiting.word.term.name}”, version {number}?",
            f"`plumbline definitions packet {term} --version {number}`, then `sign`.",
        )
