"""A change that somebody proposes to a term: an edited file, or criteria replaced, added and left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from plumbline.definitions.conditions import ConditionError, tree
from plumbline.definitions.library import Governed, Library
from plumbline.definitions.problems import DefinitionsError, Problem, nearest
from plumbline.definitions.proving.sides import NamingError, Side, joined, of_version
from plumbline.definitions.reading import parse
from plumbline.definitions.schemas import Term, Version
from plumbline.definitions.shaping import shaped
from plumbline.definitions.term_problems import term_problems
from plumbline.definitions.types import check_condition
from plumbline.definitions.yaml_files import Document, read_yaml


@dataclass(frozen=True)
class Proposal:
    """A term, its version in force, and what somebody would put in its place."""

    governed: Governed
    version: Version
    now: Side
    proposed: Side

    @property
    def changes_nothing(self) -> bool:
        """Whether the criteria are those of the version in force, to the letter."""
        return _trees(self.now) == _trees(self.proposed)


def of_file(library: Library, day: date, path: Path) -> Proposal:
    """The changed version of an edited term file, against the version in force on a day.

    Raises DefinitionsError with every finding, and NamingError.
    """
    shown = path.as_posix()
    document = read_yaml(path, shown)
    problems: list[Problem] = []
    if isinstance(document.data, dict) and document.data.get("kind") == "measure":
        raise NamingError(f"{shown} holds a measure.", "A backtest is of a word that is true or false of a record.")
    term = shaped(document, Term, problems)
    if term is None:
        raise DefinitionsError(problems)
    governed = library.terms.get(term.term)
    if governed is None:
        message = f"There is no term `{term.term}` to change."
        raise DefinitionsError([_at(document, ("term",), "unknown-term", message, nearest(term.term, library.terms))])
    problems = term_problems(document, term, governed.entity)
    if problems:
        raise DefinitionsError(problems)
    now = governed.in_force(day)
    edited = Governed(term, governed.entity, document)
    chosen = _changed(edited, governed)
    if chosen.comes_from != now.comes_from:
        place = ("versions", edited.term.versions.index(chosen), "comes_from")
        told = ["nothing before" if version.comes_from is None else version.comes_from for version in (chosen, now)]
        message = f"The change is reached only from {told[0]}, the version in force from {told[1]}."
        mending = "A backtest holds conditions on one row against each other; change what it comes from by itself."
        raise DefinitionsError([_at(document, place, "comes-from", message, mending)])
    side = replace(of_version(edited, chosen), label=f"{term.term} as proposed")
    return Proposal(governed, now, of_version(governed, now), side)


def of_words(governed: Governed, version: Version, criteria: Sequence[str], without: Sequence[str]) -> Proposal:
    """The version with `NAME=SQL` replaced or added, and names left out. Raises NamingError."""
    now = of_version(governed, version)
    said = dict(now.criteria)
    for name in without:
        if name not in said:
            raise NamingError(f"{now.label} has no criterion `{name}`.", nearest(name, now.criteria))
        del said[name]
    for text in criteria:
        name, equals, sql = text.partition("=")
        if not equals or not name.strip().isidentifier():
            raise NamingError(
                f"--criterion {text!r} has no name.", "Write --criterion fit_size='employee_count >= 20'."
            )
        try:
            check_condition(parse(sql), governed.entity)
        except ConditionError as error:
            raise NamingError(f"`{name.strip()}`: {error.message}", error.mending) from error
        said[name.strip()] = sql.strip()
    if not said:
        raise NamingError("Nothing is left of the term.", "Leave one criterion at least.")
    proposed = Side(f"{governed.term.term} as proposed", governed.entity, joined(said), said)
    return Proposal(governed, version, now, proposed)


def _changed(edited: Governed, governed: Governed) -> Version:
    """The newest version that says something else than the project's, or is new; else the newest."""
    known = {version.version: _trees(of_version(governed, version)) for version in governed.term.versions}
    for version in reversed(edited.term.versions):
        if known.get(version.version) != _trees(of_version(edited, version)):
            return version
    return edited.newest


def _trees(side: Side) -> dict[str, object]:
    return {name: tree(parse(sql)) for name, sql in side.criteria.items()}


def _at(document: Document, place: tuple[str | int, ...], code: str, message: str, mending: str) -> Problem:
    return Problem(document.path, document.line(place), code, message, mending)
