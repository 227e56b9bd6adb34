"""Conditions and promises in plain words, for people who read no SQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from plumbline.definitions.conditions import (
    All,
    AnyOf,
    Arithmetic,
    Between,
    Call,
    Column,
    Compare,
    Constant,
    Day,
    In,
    IsNull,
    IsTruth,
    Like,
    Node,
    Not,
)
from plumbline.definitions.reading import parse
from plumbline.definitions.reporting.words import label, percent, plain, shown_value
from plumbline.definitions.schemas import Entity, ServiceLevel

_NUMBERS = {"=": "", "<>": "not ", ">=": "at least ", ">": "more than ", "<=": "at most ", "<": "less than "}
_DAYS = {"=": "", "<>": "not ", ">=": "on or after ", ">": "after ", "<=": "on or before ", "<": "before "}
_HOLDS: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "<>": ne, ">=": ge, ">": gt, "<=": le, "<": lt}
_MIRRORED = {"=": "=", "<>": "<>", ">=": "<=", ">": "<", "<=": ">=", "<": ">"}
_OPPOSITE = {"=": "<>", "<>": "=", ">=": "<", ">": "<=", "<=": ">", "<": ">="}
_ARITHMETIC = {"+": "plus", "-": "minus", "*": "times"}


def condition_words(sql: str, entity: Entity) -> str:
    """A condition over an entity in words. What it says of missing values it says by name, as the SQL does."""
    return _Words(entity).said(parse(sql))


def number_words(sql: str, entity: Entity) -> str:
    """A number of one row in words."""
    return _Words(entity).value(parse(sql))


def row_words(row: dict[str, Any], entity: Entity) -> str:
    """The values of a row, each with the name that people read."""
    return ", ".join(f"{label(name, entity)} {shown_value(value)}" for name, value in row.items())


def promise_words(level: ServiceLevel, entity: Entity) -> str:
    """A service level in a sentence."""
    until = f" to “{entity.columns[level.stop].label}”" if level.stop else ""
    given = ", with " + " and ".join(label(name, entity) for name in level.requires) if level.requires else ""
    share = percent(Decimal(str(level.target)))
    owner = plain(level.owner).capitalize()
    start = entity.columns[level.start].label
    return f"within {level.within} from “{start}”{until}{given}, in at least {share} of cases. {owner} answers for it."


@dataclass(frozen=True)
class _Subject:
    """What a condition is about: `instead` stands in for a missing value, `folded`: capitals do not count."""

    node: Node
    instead: Constant | None = None
    folded: bool = False


class _Words:
    """Each part as «name: what it has to be», which reads well whatever the name."""

    def __init__(self, entity: Entity) -> None:
        self.entity = entity

    def said(self, node: Node) -> str:
        match node:
            case All(items):
                return ", and ".join(self._part(item) for item in items if not _is_idle(item, items))
            case AnyOf((IsNull(Column() as column), other)) | AnyOf((other, IsNull(Column() as column))) if (
                _asked_of(other) == column
            ):
                told = self.said(other)
                return f"{told}, or missing" if told.endswith("capitals") else f"{told} or missing"
            case AnyOf(items):
                return ", or ".join(self._part(item) for item in items)
            case Not(item):
                return self._denied(item)
            case IsNull(item):
                return f"{self.value(item)}: missing"
            case IsTruth(item, value):
                return self._truth(item, "yes" if value else "no")
            case In(item, values):
                return self._about(_subject(item), self._one_of(values), lambda known: known in _plain(values))
            case Between(item, low, high):
                return f"{self.value(item)}: from {self.value(low)} to {self.value(high)}"
            case Like(item, pattern):
                return f"{self.value(item)}: {_like(pattern)}"
            case Compare(operator, left, right):
                return self._compared(operator, left, right)
            case Call("coalesce", (item, Constant(bool() as value))):
                return self._truth(item, "yes or missing" if value else "yes")
            case _:
                return f"{self.value(node)}: yes"

    def _part(self, node: Node) -> str:
        text = self.said(node)
        return f"({text})" if isinstance(node, All | AnyOf) else text

    def _truth(self, item: Node, word: str) -> str:
        return f"{self.value(item)}: {word}" if isinstance(item, Column) else f"({self.said(item)}): {word}"

    def _denied(self, item: Node) -> str:
        match item:
            case IsNull(inner):
                return f"{self.value(inner)}: known"
            case IsTruth(inner, value):
                return self._truth(inner, "no or missing" if value else "yes or missing")
            case Call("coalesce", (inner, Constant(bool() as value))):
                return self._truth(inner, "no" if value else "no or missing")
            case Column():
                return f"{self.value(item)}: no"
            case In(inner, values):
                told = f"not {self._one_of(values)}"
                return self._about(_subject(inner), told, lambda known: known not in _plain(values))
            case Like(inner, pattern):
                return f"{self.value(inner)}: known, and it is not so that it {_like(pattern)}"
            case Compare(operator, left, right):
                return self._compared(_OPPOSITE[operator], left, right)
            case Not(inner):
                return self.said(inner)
            case _:
                return f"it is not so that {self._part(item)}"

    def _compared(self, operator: str, left: Node, right: Node) -> str:
        if isinstance(left, Constant) and not isinstance(right, Constant):
            left, right, operator = right, left, _MIRRORED[operator]
        words = _DAYS if self._is_time(left) or self._is_time(right) else _NUMBERS
        told = f"{words[operator]}{self.value(right)}"
        if isinstance(right, Constant):
            compared = right.value
            return self._about(_subject(left), told, lambda known: _HOLDS[operator](known, compared))
        return f"{self.value(left)}: {told}"

    def _about(self, subject: _Subject, told: str, holds: Callable[[Any], bool]) -> str:
        """What is asked of a value, and whether a missing one, by what stands in for it, passes."""
        capitals = ", in whatever capitals," if subject.folded else ""
        missing = ""
        if subject.instead is not None:
            missing = " or missing" if holds(subject.instead.value) else ""
        return f"{self.value(subject.node)}: {told}{capitals}{missing}".rstrip(",")

    def _is_time(self, node: Node) -> bool:
        match node:
            case Constant(value):
                return isinstance(value, date)
            case Column(name):
                return self.entity.columns[name].type in ("date", "timestamp")
            case _:
                return isinstance(node, Day)

    def _one_of(self, values: tuple[Constant, ...]) -> str:
        told = [self.value(value) for value in values]
        return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} or {told[-1]}"

    def value(self, node: Node) -> str:
        match node:
            case Column(name):
                return label(name, self.entity)
            case Constant(value):
                return value.isoformat() if isinstance(value, datetime) else shown_value(value)
            case Arithmetic(operator, left, right):
                return f"{self.value(left)} {_ARITHMETIC[operator]} {self.value(right)}"
            case Day(item):
                return f"the day of {self.value(item)}"
            case Call("lower" | "upper", (item,)):
                return f"{self.value(item)} (in whatever capitals)"
            case Call("coalesce", (item, *others)):
                return f"{self.value(item)} (where missing: {', '.join(self.value(other) for other in others)})"
            case Call("nullif", (item, other)):
                return f"{self.value(item)} (missing where it is {self.value(other)})"
            case Call("abs", (item,)):
                return f"{self.value(item)} without its sign"
            case Call("length", (item,)):
                return f"the number of characters of {self.value(item)}"
            case _:
                return f"({self.said(node)})"


def _subject(node: Node) -> _Subject:
    """What is compared, under what folds capitals and what stands in for a missing value."""
    match node:
        case Call("lower", (item,)):
            inner = _subject(item)
            instead = inner.instead
            if instead is not None and isinstance(instead.value, str):
                instead = Constant(instead.value.lower())
            return _Subject(inner.node, instead, folded=True)
        case Call("coalesce", (item, Constant() as instead)):
            inner = _subject(item)
            # the first that stands in is the one that does
            return _Subject(inner.node, inner.instead or instead, inner.folded)
        case _:
            return _Subject(node)


def _asked_of(node: Node) -> Column | None:
    """The column that a condition asks something of, and that has to be known for it to hold."""
    match node:
        case Compare(_, left, Constant()) | In(left, _) | Between(left, _, _) | Like(left, _):
            subject = _subject(left)
            return subject.node if isinstance(subject.node, Column) and subject.instead is None else None
        case Not(Compare() | In() | Like() as inner):
            return _asked_of(inner)
        case _:
            return None


def _is_idle(item: Node, among: tuple[Node, ...]) -> bool:
    """Whether it asks for a value of which another condition asks more."""
    match item:
        case Not(IsNull(Column() as column)):
            return any(_asked_of(other) == column for other in among)
        case _:
            return False


def _plain(values: tuple[Constant, ...]) -> list[Any]:
    return [value.value for value in values]


def _like(pattern: str) -> str:
    """What a pattern asks for."""
    inner = pattern.strip("%")
    if inner and "%" not in inner and "_" not in inner:
        for shape, verb in ((f"%{inner}%", "contains"), (f"{inner}%", "begins with"), (f"%{inner}", "ends with")):
            if pattern == shape:
                return f"{verb} “{inner}”"
    return f"looks like “{pattern}”"
