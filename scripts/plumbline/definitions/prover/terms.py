"""Terms: what a SQL predicate over one row becomes before it is given to the solver.

The tree is small on purpose: what SQL has many spellings for (BETWEEN, IN, NULLIF, IS DISTINCT FROM …) is taken
apart while it is read. Values: whole numbers and exact fractions for numbers, days since 1970-01-01 for dates,
microseconds since 1970-01-01 00:00 for timestamps, characters for texts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Kind = Literal["boolean", "integer", "decimal", "double", "date", "timestamp", "text"]
NUMBERS: tuple[Kind, ...] = ("integer", "decimal", "double")
Operator = Literal["=", "<", "<="]
Change = Literal["lower", "upper", "trim", "ltrim", "rtrim"]
Unit = Literal["minute", "hour", "day", "week", "month", "quarter", "year"]


@dataclass(frozen=True)
class Column:
    """A declared column; the clock is the column `CLOCK`."""

    name: str
    kind: Kind


CLOCK = Column("@now", "timestamp")


@dataclass(frozen=True)
class Opaque:
    """A deterministic expression that is not understood, known by its text alone."""

    key: str
    kind: Kind
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Value:
    """A constant: bool, Fraction (numbers), int (dates, timestamps) or str."""

    value: bool | Fraction | int | str
    kind: Kind


@dataclass(frozen=True)
class Null:
    """NULL; it takes the kind that its place wants."""

    kind: Kind


@dataclass(frozen=True)
class Compare:
    """`left operator right` of numbers, days, timestamps or booleans (these with = only)."""

    operator: Operator
    left: "Term"
    right: "Term"
    kind: Kind = "boolean"


@dataclass(frozen=True)
class All:
    """Conditions joined by AND."""

    items: tuple["Term", ...]
    kind: Kind = "boolean"


@dataclass(frozen=True)
class AnyOf:
    """Conditions joined by OR."""

    items: tuple["Term", ...]
    kind: Kind = "boolean"


@dataclass(frozen=True)
class Not:
    """The three-valued negation."""

    item: "Term"
    kind: Kind = "boolean"


@dataclass(frozen=True)
class IsNull:
    """Whether a term of any kind is NULL; two-valued."""

    item: "Term"
    kind: Kind = "boolean"


@dataclass(frozen=True)
class IsTrue:
    """Whether a condition is true; two-valued."""

    item: "Term"
    kind: Kind = "boolean"


@dataclass(frozen=True)
class Case:
    """The value of the first branch whose condition is true, else `default`."""

    branches: tuple[tuple["Term", "Term"], ...]
    default: "Term"
    kind: Kind


@dataclass(frozen=True)
class Coalesce:
    """The first of the items that is not NULL."""

    items: tuple["Term", ...]
    kind: Kind


@dataclass(frozen=True)
class Linear:
    """The sum of `factor * item` and `constant`; NULL when an item is NULL."""

    items: tuple[tuple[Fraction, "Term"], ...]
    constant: Fraction
    kind: Kind


@dataclass(frozen=True)
class Absolute:
    """The absolute value of a number."""

    item: "Term"
    kind: Kind


@dataclass(frozen=True)
class Extreme:
    """GREATEST or LEAST; NULLs are left out or make the whole NULL, as the engine has it."""

    largest: bool
    items: tuple["Term", ...]
    ignores_nulls: bool
    kind: Kind


@dataclass(frozen=True)
class Truncate:
    """The start of the unit in which a date or timestamp lies; the kind stays."""

    unit: Unit
    item: "Term"
    kind: Kind


@dataclass(frozen=True)
class ShiftMonths:
    """A date or timestamp some months later (or earlier), the day clipped to the month's last."""

    months: int
    item: "Term"
    kind: Kind


@dataclass(frozen=True)
class Convert:
    """A date as the timestamp of its midnight, a timestamp as its date, a boolean or number as a number."""

    item: "Term"
    kind: Kind


@dataclass(frozen=True)
class Changed:
    """A text in another case, or without blanks at its ends."""

    change: Change
    item: "Term"
    kind: Kind = "text"


ONE = None  # any one character, in `Pattern.parts`
MANY = True  # any number of characters


@dataclass(frozen=True)
class Pattern:
    """A text that consists of these parts: a character each, `ONE` or `MANY`."""

    parts: tuple[str | bool | None, ...]


@dataclass(frozen=True)
class Longer:
    """A text of more than `length` characters."""

    length: int


Test = Pattern | Longer


@dataclass(frozen=True)
class TextTest:
    """Whether a text belongs to a regular language; NULL for NULL."""

    test: Test
    item: "Term"
    kind: Kind = "boolean"


@dataclass(frozen=True)
class TextEqual:
    """Whether two texts, neither of them a constant, are the same."""

    left: "Term"
    right: "Term"
    kind: Kind = "boolean"


Term = (
    Column
    | Opaque
    | Value
    | Null
    | Compare
    | All
    | AnyOf
    | Not
    | IsNull
    | IsTrue
    | Case
    | Coalesce
    | Linear
    | Absolute
    | Extreme
    | Truncate
    | ShiftMonths
    | Convert
    | Changed
    | TextTest
    | TextEqual
)


def children(term: Term) -> tuple[Term, ...]:
    """The terms directly below a term, left to right."""
    match term:
        case Column() | Opaque() | Value() | Null():
            return ()
        case Compare(_, left, right) | TextEqual(left, right):
            return (left, right)
        case All(items) | AnyOf(items) | Coalesce(items) | Extreme(_, items):
            return items
        case Case(branches, default):
            return (*(part for branch in branches for part in branch), default)
        case Linear(items):
            return tuple(item for _, item in items)
        case (
            Not(item)
            | IsNull(item)
            | IsTrue(item)
            | Absolute(item)
            | Truncate(_, item)
            | ShiftMonths(_, item)
            | Convert(item)
            | Changed(_, item)
            | TextTest(_, item)
        ):
            return (item,)


def walk(term: Term) -> Iterator[Term]:
    """The term itself and every term below it."""
    yield term
    for child in children(term):
        yield from walk(child)


def columns(term: Term) -> set[str]:
    """The names of the columns that a term looks at, those inside of opaque terms included."""
    found: set[str] = set()
    for part in walk(term):
        if isinstance(part, Column):
            found.add(part.name)
        elif isinstance(part, Opaque):
            found.update(column.name for column in part.columns)
    return found


def literal(text: str) -> Pattern:
    """The language that holds one text only."""
    return Pattern(tuple(text))
