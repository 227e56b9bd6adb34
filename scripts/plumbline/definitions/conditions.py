"""Conditions: the plain SQL that a criterion may use, as a small tree of our own.

A criterion has to mean the same on every engine that the models support (DuckDB, Postgres, Snowflake,
BigQuery, Databricks); what differs between them has no node here. Own nodes also keep the hash of a meaning
independent of the parser's version. `reading` makes the tree from text.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


class ConditionError(ValueError):
    """A condition that cannot be used: what is wrong (`message`) and what to write instead (`mending`)."""

    def __init__(self, code: str, message: str, mending: str) -> None:
        super().__init__(f"{message} {mending}")
        self.code = code
        self.message = message
        self.mending = mending


@dataclass(frozen=True)
class Column:
    """A canonical column of the entity."""

    name: str


@dataclass(frozen=True)
class Constant:
    """A value that is written out. Never NULL: NULL occurs only in `IS NULL`."""

    value: str | int | Decimal | bool | date


@dataclass(frozen=True)
class Compare:
    """`left operator right`; the operator is one of = <> < <= > >=."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class All:
    """Conditions joined by AND."""

    items: tuple["Node", ...]


@dataclass(frozen=True)
class AnyOf:
    """Conditions joined by OR."""

    items: tuple["Node", ...]


@dataclass(frozen=True)
class Not:
    """The three-valued negation: NOT NULL is NULL."""

    item: "Node"


@dataclass(frozen=True)
class IsNull:
    """`item IS NULL`: the only way to ask for a missing value."""

    item: "Node"


@dataclass(frozen=True)
class IsTruth:
    """`item IS TRUE` or `item IS FALSE`: two-valued, a NULL is neither."""

    item: "Node"
    value: bool


@dataclass(frozen=True)
class In:
    """`item IN (constants)`."""

    item: "Node"
    values: tuple[Constant, ...]


@dataclass(frozen=True)
class Between:
    """`item BETWEEN low AND high`, both ends included."""

    item: "Node"
    low: "Node"
    high: "Node"


@dataclass(frozen=True)
class Like:
    """`item LIKE 'pattern'`, minding case."""

    item: "Node"
    pattern: str


@dataclass(frozen=True)
class Arithmetic:
    """`left operator right`; the operator is one of + - *."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Call:
    """One of the functions that every engine understands alike: see `FUNCTIONS`."""

    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True)
class Day:
    """The calendar day of a timestamp: `CAST(item AS DATE)`."""

    item: "Node"


Node = (
    Column | Constant | Compare | All | AnyOf | Not | IsNull | IsTruth | In | Between | Like | Arithmetic | Call | Day
)

FUNCTIONS = ("abs", "coalesce", "length", "lower", "nullif", "upper")


def columns(node: Node) -> list[str]:
    """The names of the columns that a condition looks at, sorted."""
    return sorted({part.name for part in walk(node) if isinstance(part, Column)})


def walk(node: Node) -> Iterator[Node]:
    """The node itself and every node below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node, left to right."""
    match node:
        case Column() | Constant():
            return ()
        case Compare(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case All(items) | AnyOf(items) | Call(_, items):
            return items
        case In(item, values):
            return (item, *values)
        case Between(item, low, high):
            return (item, low, high)
        case Not(item) | IsNull(item) | IsTruth(item, _) | Like(item, _) | Day(item):
            return (item,)


def tree(node: Node) -> list[Any]:
    """The normalised tree as lists, for hashing: free of spacing, case of keywords and needless brackets."""
    match node:
        case Column(name):
            return ["column", name]
        case Constant(value):
            return ["constant", _kind(value), _text(value)]
        case Compare(operator, left, right) | Arithmetic(operator, left, right):
            return [operator, tree(left), tree(right)]
        case All(items):
            return ["and", *[tree(item) for item in items]]
        case AnyOf(items):
            return ["or", *[tree(item) for item in items]]
        case Not(item):
            return ["not", tree(item)]
        case IsNull(item):
            return ["is null", tree(item)]
        case IsTruth(item, value):
            return ["is true" if value else "is false", tree(item)]
        case In(item, values):
            return ["in", tree(item), *[tree(value) for value in values]]
        case Between(item, low, high):
            return ["between", tree(item), tree(low), tree(high)]
        case Like(item, pattern):
            return ["like", tree(item), pattern]
        case Call(name, arguments):
            return [name, *[tree(argument) for argument in arguments]]
        case Day(item):
            return ["day", tree(item)]


def render(node: Node, column: Callable[[str], str] = str) -> str:
    """Portable SQL for a condition; `column` says how a canonical column is written there.

    IS TRUE and IS FALSE become COALESCE: Snowflake's IS knows only NULL.
    """

    def inner(part: Node) -> str:
        text = render(part, column)
        return (
            f"({text})"
            if isinstance(part, All | AnyOf | Not | Compare | Arithmetic | IsNull | IsTruth | In | Between | Like)
            else text
        )

    def operand(part: Node) -> str:
        text = render(part, column)
        return f"({text})" if isinstance(part, AnyOf | All) else text

    match node:
        case Column(name):
            return column(name)
        case Constant(value):
            return _literal(value)
        case Compare(operator, left, right) | Arithmetic(operator, left, right):
            return f"{inner(left)} {operator} {inner(right)}"
        case All(items):
            return " and ".join(operand(item) for item in items)
        case AnyOf(items):
            return " or ".join(operand(item) for item in items)
        case Not(IsNull(item)):
            return f"{inner(item)} is not null"
        case Not(IsTruth(item, value)):
            return (
                f"not coalesce({render(item, column)}, false)" if value else f"coalesce({render(item, column)}, true)"
            )
        case Not(item):
            return f"not {inner(item)}"
        case IsNull(item):
            return f"{inner(item)} is null"
        case IsTruth(item, value):
            return (
                f"coalesce({render(item, column)}, false)" if value else f"not coalesce({render(item, column)}, true)"
            )
        case In(item, values):
            return f"{inner(item)} in ({', '.join(_literal(value.value) for value in values)})"
        case Between(item, low, high):
            return f"{inner(item)} between {inner(low)} and {inner(high)}"
        case Like(item, pattern):
            return f"{inner(item)} like {_literal(pattern)}"
        case Call(name, arguments):
            return f"{name}({', '.join(render(argument, column) for argument in arguments)})"
        case Day(item):
            return f"cast({render(item, column)} as date)"


def _literal(value: str | int | Decimal | bool | date) -> str:
    """A constant as every engine writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case date():
            return f"cast('{value.isoformat()}' as date)"
        case str():
            return f"'{value}'"
        case _:
            return _text(value)


def _text(value: str | int | Decimal | bool | date) -> str:
    """A constant as text; numbers without trailing zeros, so that 0.20 is 0.2."""
    match value:
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case Decimal():
            plain = format(value, "f")
            return plain.rstrip("0").rstrip(".") if "." in plain else plain
        case _:
            return str(value)


def _kind(value: str | int | Decimal | bool | date) -> str:
    match value:
        case bool():
            return "boolean"
        case date():
            return "date"
        case str():
            return "text"
        case _:
            return "number"
