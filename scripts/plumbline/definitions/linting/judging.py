"""How a condition over canonical columns relates to the terms of its entity; the prover is asked where it is close."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Literal

import sqlglot
from sqlglot import expressions as exp

from plumbline.definitions.conditions import Constant
from plumbline.definitions.conditions import columns as columns_of
from plumbline.definitions.deciding import compared
from plumbline.definitions.library import Governed, Library
from plumbline.definitions.prover import Prover, Verdict
from plumbline.definitions.prover.verdicts import ConditionFinding
from plumbline.definitions.proving.sides import of_version
from plumbline.definitions.proving.verifying import bare
from plumbline.definitions.schemas import Entity

Pair = tuple[str, str]


@dataclass(frozen=True)
class Close:
    """A term that a condition is, or is nearly. `opposite`: the condition is (nearly) true where the term is not.

    `columns`: those of the term; what looks at others is beside it.
    """

    term: str
    label: str
    verdict: Verdict
    opposite: bool
    given: exp.Expression | None
    closeness: float
    columns: frozenset[str]

    @property
    def code(self) -> Literal["D1", "D2", "D5"]:
        if self.verdict.verdict == "equivalent":
            return "D1"
        return "D5" if self.verdict.only_on_null else "D2"

    def rank(self) -> tuple[bool, float, str, str]:
        """The term itself first, then whatever is told by more of the columns."""
        return not (self.code == "D1" and not self.opposite), -self.closeness, self.code, self.term


@dataclass(frozen=True)
class _Known:
    """What lint looks at of a term."""

    name: str
    label: str
    tree: exp.Expression
    denied: exp.Expression
    columns: frozenset[str]
    words: frozenset[Pair] = field(default_factory=frozenset)
    numbers: frozenset[Pair] = field(default_factory=frozenset)

    @property
    def deciding(self) -> frozenset[str]:
        """The columns whose words decide."""
        return frozenset(column for column, _ in self.words)


class Judge:
    """Judges conditions; what was asked once is not asked again. To be closed, or used with `with`."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._terms: dict[str, list[_Known]] = {}
        for governed in library.terms.values():
            self._terms.setdefault(governed.term.entity, []).append(_known(governed))
        self._stack = ExitStack()
        self._provers: dict[tuple[str, bool], Prover] = {}
        self._compared: dict[tuple[str, bool, exp.Expression, exp.Expression, str], Verdict] = {}
        self._conditions: dict[tuple[str, bool, exp.Expression, str], ConditionFinding] = {}

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def entities(self) -> list[Entity]:
        """The entities that some model supplies and some term is about."""
        return [self.library.entities[name] for name in sorted(self._terms) if self.library.entities[name].supplied_by]

    def condition(self, entity: Entity, facts: bool, tree: exp.Expression, dialect: str) -> ConditionFinding:
        """Whether a condition is never true, or always."""
        key = (entity.entity, facts, tree, dialect)
        if key not in self._conditions:
            self._conditions[key] = self._prover(entity, facts).condition(tree, dialect)
        return self._conditions[key]

    def closest(
        self,
        entity: Entity,
        facts: bool,
        parts: Sequence[exp.Expression],
        context: Sequence[exp.Expression],
        plain: Callable[[exp.Expression], exp.Expression],
        dialect: str,
    ) -> Close | None:
        """The term that conditions joined by AND are, or else are nearly, on the rows that `context` leaves.

        `plain` writes out the terms that the context is told in.
        """
        found = []
        names = names_of(*parts)
        for term in self._terms.get(entity.entity, ()):
            own = [part for part in parts if names_of(part) <= term.columns]
            if not own or not _near(own, term):
                continue
            others = [part for part in context if names_of(part) & term.columns]
            given = conjoined(others) if others else None
            close = self._close(entity, facts, own, None if given is None else plain(given), term, dialect)
            if close is not None and close.given is not None:
                close = replace(close, given=given)
            if close is not None:
                covered = len(names_of(*own)) / len(names)
                found.append(replace(close, closeness=close.closeness * covered))
        return min(found, key=Close.rank, default=None)

    def governed(self, entity: Entity, parts: Sequence[exp.Expression]) -> tuple[str, str] | None:
        """A term and one of its columns that conditions compare with a constant, so that it decides."""
        for term in sorted(self._terms.get(entity.entity, ()), key=lambda term: len(term.columns)):
            for part in parts:
                for column, value in pairs(part):
                    if column in term.deciding or (column, value) in term.numbers:
                        return term.name, column
        return None

    def same(self, entity: Entity, tree: exp.Expression, term: str, dialect: str) -> bool:
        """Whether a condition is proved to be the term, without any fact about rows."""
        known = _known(self.library.terms[term])
        return self._compare(entity, False, tree, known.tree, dialect).verdict == "equivalent"

    def _close(
        self,
        entity: Entity,
        facts: bool,
        own: Sequence[exp.Expression],
        given: exp.Expression | None,
        term: _Known,
        dialect: str,
    ) -> Close | None:
        said = conjoined(own)
        named = frozenset(pair for part in own for pair in pairs(part))
        closeness = len(names_of(*own)) / len(term.columns) + 0.1 * len(named & term.words) / max(1, len(term.words))
        for opposite in (False, True):
            wanted = term.denied if opposite else term.tree
            verdict, on = self._compare(entity, facts, said, wanted, dialect), None
            if verdict.verdict != "equivalent" and given is not None:
                left = self._compare(entity, facts, conjoined([said, given]), conjoined([wanted, given]), dialect)
                if left.verdict != "unknown":
                    verdict, on = left, given
            if verdict.verdict == "unknown":
                return None
            close = Close(term.name, term.label, verdict, opposite, on, closeness, term.columns)
            if not opposite and verdict.verdict != "disjoint":
                return close
            if opposite and (close.code != "D2" or _denies(own, term)):
                return close
        return None

    def _compare(
        self, entity: Entity, facts: bool, first: exp.Expression, second: exp.Expression, dialect: str
    ) -> Verdict:
        key = (entity.entity, facts, first, second, dialect)
        if key not in self._compared:
            self._compared[key] = self._prover(entity, facts).compare(first, second, dialect)
        return self._compared[key]

    def _prover(self, entity: Entity, facts: bool) -> Prover:
        key = (entity.entity, facts)
        if key not in self._provers:
            self._provers[key] = self._stack.enter_context(Prover(entity if facts else bare(entity)))
        return self._provers[key]


def conjoined(parts: Sequence[exp.Expression]) -> exp.Expression:
    """Conditions, all of which have to hold."""
    bare = [part.unnest().copy() for part in parts]
    first, *others = [part if isinstance(part, exp.Column) else exp.paren(part) for part in bare]
    for other in others:
        first = exp.And(this=first, expression=other)
    return first if others else bare[0]


def names_of(*trees: exp.Expression) -> frozenset[str]:
    """The columns that expressions look at."""
    return frozenset(column.name.lower() for tree in trees for column in tree.find_all(exp.Column))


def pairs(tree: exp.Expression) -> frozenset[Pair]:
    """Every (column, constant) that a condition compares."""
    found = set()
    for node in tree.find_all(
        exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.In, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Like, exp.ILike
    ):
        literals = [literal for literal in node.find_all(exp.Literal)]
        for column in node.find_all(exp.Column):
            found |= {(column.name.lower(), _plain(literal.name)) for literal in literals}
    return frozenset(found)


def _plain(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _known(governed: Governed) -> _Known:
    newest = of_version(governed, governed.newest)
    found = list(compared(governed.newest))
    words = frozenset((name, str(value.value)) for name, value in found if isinstance(value.value, str))
    numbers = frozenset((name, _plain(str(value.value))) for name, value in found if _is_number(value) and value.value)
    names = frozenset(columns_of(governed.condition(governed.newest)))
    # criteria are written in SQL that every dialect reads alike
    tree = sqlglot.parse_one(newest.sql, read="duckdb")
    denied = sqlglot.parse_one(f"NOT COALESCE({newest.sql}, FALSE)", read="duckdb")
    return _Known(governed.term.term, newest.label, tree, denied, names, words, numbers)


def _is_number(value: Constant) -> bool:
    return not isinstance(value.value, str | bool) and str(value.value).replace(".", "", 1).isdigit()


def _near(parts: Sequence[exp.Expression], term: _Known) -> bool:
    """Whether conditions look at what decides the term: one of its constants, or most of its columns."""
    names = names_of(*parts)
    if any(pairs(part) & (term.words | term.numbers) for part in parts):
        return True
    if not any(pairs(part) for part in parts):
        return False
    return names == term.columns or (len(names) > 1 and 2 * len(names) >= len(term.columns))


def _denies(parts: Sequence[exp.Expression], term: _Known) -> bool:
    """Whether one of the term's words is named in order to leave it out."""
    return any(
        pairs(node) & term.words
        for part in parts
        for node in part.walk()
        if isinstance(node, exp.NEQ | exp.NullSafeNEQ | exp.Not)
    )
