"""Conditions: the plain SQL that a criterion may use, as a small tree of our own.

sqlglot reads the text; everything after that works on these nodes. What is not listed here is refused
by name, with the reason: a criterion has to mean the same on every engine that the models support
(DuckDB, Postgres, Snowflake, BigQuery, Databricks), and functions that differ between them are left out.
Own nodes also keep the hash of a meaning independent of sqlglot's version.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import SqlglotError


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
    Column
    | Constant
    | Compare
    | All
    | AnyOf
    | Not
    | IsNull
    | IsTruth
    | In
    | Between
    | Like
    | Arithmetic
    | Call
    | Day
)

FUNCTIONS = ("abs", "coalesce", "length", "lower", "nullif", "upper")

_COMPARISONS: dict[type[exp.Expression], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_ARITHMETIC: dict[type[exp.Expression], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}

# Why a well-known construct is refused, and what to write instead.
_REFUSALS: dict[type[exp.Expression], tuple[str, str]] = {
    exp.ILike: ("ILIKE does not exist on every engine.", "Write LOWER(column) LIKE 'pattern'."),
    exp.Div: (
        "Division of whole numbers differs between engines.",
        "Compare products instead, or declare the ratio as a column of the entity.",
    ),
    exp.Trim: (
        "TRIM removes different characters on different engines.",
        "Clean the text in the model that supplies the column.",
    ),
    exp.Null: ("A comparison with NULL is never true.", "Write IS NULL or IS NOT NULL."),
    exp.NullSafeEQ: (
        "IS NOT DISTINCT FROM is not plain on every engine.",
        "Write a = b OR (a IS NULL AND b IS NULL).",
    ),
    exp.NullSafeNEQ: ("IS DISTINCT FROM is not plain on every engine.", "Write the two cases, with IS NULL."),
    exp.CurrentDate: (
        "A definition reads no clock.",
        "Declare a column of the entity that counts days up to the row's time.",
    ),
    exp.CurrentTimestamp: (
        "A definition reads no clock.",
        "Declare a column of the entity that counts days up to the row's time.",
    ),
    exp.Greatest: ("GREATEST treats NULL differently on different engines.", "Write the comparisons out."),
    exp.Least: ("LEAST treats NULL differently on different engines.", "Write the comparisons out."),
    exp.RegexpLike: (
        "Regular expressions differ between engines.",
        "Use LIKE, or declare a column of the entity.",
    ),
    exp.Case: ("CASE hides a condition within a condition.", "Write it with AND, OR and NOT."),
    exp.If: ("IF hides a condition within a condition.", "Write it with AND, OR and NOT."),
    exp.Escape: ("LIKE … ESCAPE differs between engines.", "Use a pattern without an escape character."),
    exp.DPipe: (
        "Joining texts treats NULL differently on different engines.",
        "Compare the columns one by one.",
    ),
}


def parse(sql: str, dialect: str | None = None) -> Node:
    """The tree of a plain SQL condition. Raises ConditionError for anything else."""
    try:
        statements = sqlglot.parse(sql, read=dialect)
    except SqlglotError as error:
        first = str(error).splitlines()[0]
        raise ConditionError(
            "unreadable-sql", f"This is not SQL: {sql!r} ({first}).", "Write one condition."
        ) from error
    if len(statements) != 1 or statements[0] is None:
        raise ConditionError("unreadable-sql", f"This is not one condition: {sql!r}.", "Write exactly one.")
    return _node(statements[0])


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
            if isinstance(
                part, All | AnyOf | Not | Compare | Arithmetic | IsNull | IsTruth | In | Between | Like
            )
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
                f"not coalesce({render(item, column)}, false)"
                if value
                else f"coalesce({render(item, column)}, true)"
            )
        case Not(item):
            return f"not {inner(item)}"
        case IsNull(item):
            return f"{inner(item)} is null"
        case IsTruth(item, value):
            return (
                f"coalesce({render(item, column)}, false)"
                if value
                else f"not coalesce({render(item, column)}, true)"
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


def _refuse(expression: exp.Expression) -> NoReturn:
    shown = expression.sql()
    for kind, (message, mending) in _REFUSALS.items():
        if isinstance(expression, kind):
            raise ConditionError("not-plain-sql", f"{shown}: {message}", mending)
    if isinstance(expression, exp.Query | exp.Subquery | exp.Exists):
        raise ConditionError(
            "not-plain-sql",
            f"{shown}: a criterion looks at one row.",
            "Declare what it counts as a column of the entity.",
        )
    if isinstance(expression, exp.AggFunc | exp.Window):
        raise ConditionError(
            "not-plain-sql",
            f"{shown}: a criterion looks at one row.",
            "Declare the count as a column of the entity, as of the row's time.",
        )
    raise ConditionError(
        "not-plain-sql",
        f"{shown}: {expression.key.upper()} is not among what a criterion may use.",
        "Use comparisons, AND, OR, NOT, IS [NOT] NULL/TRUE/FALSE, IN, BETWEEN, LIKE, + - *, CAST(… AS DATE) and "
        + ", ".join(function.upper() for function in FUNCTIONS)
        + ".",
    )


def _only(expression: exp.Expression, *allowed: str) -> None:
    """Refuse an expression that carries an argument which this reader does not know."""
    for name, value in expression.args.items():
        if name not in allowed and value not in (None, False, []):
            raise ConditionError(
                "not-plain-sql",
                f"{expression.sql()}: `{name}` of {expression.key.upper()} is not among what a criterion may use.",
                "Write it with plain comparisons.",
            )


def _node(expression: exp.Expression) -> Node:
    """One node from sqlglot's expression, with every argument accounted for."""
    kind = type(expression)
    if kind is exp.Paren:
        _only(expression, "this")
        return _node(expression.this)
    if kind is exp.Column:
        return _column(expression)
    if kind in (exp.Literal, exp.Boolean, exp.Neg):
        return _constant(expression)
    if kind in (exp.And, exp.Or):
        _only(expression, "this", "expression")
        joined = All if kind is exp.And else AnyOf
        items: list[Node] = []
        for side in (_node(expression.this), _node(expression.expression)):
            items.extend(side.items if isinstance(side, joined) else [side])
        return joined(tuple(items))
    if kind is exp.Not:
        _only(expression, "this")
        return Not(_node(expression.this))
    if kind in _COMPARISONS:
        _only(expression, "this", "expression")
        return Compare(_COMPARISONS[kind], _node(expression.this), _node(expression.expression))
    if kind in _ARITHMETIC:
        _only(expression, "this", "expression")
        return Arithmetic(_ARITHMETIC[kind], _node(expression.this), _node(expression.expression))
    if kind is exp.Is:
        return _is(expression)
    if kind is exp.In:
        return _in(expression)
    if kind is exp.Between:
        _only(expression, "this", "low", "high")
        return Between(_node(expression.this), _node(expression.args["low"]), _node(expression.args["high"]))
    if kind is exp.Like:
        return _like(expression)
    if kind in (exp.Cast, exp.Date):
        return _cast(expression)
    return _call(expression)


def _column(expression: exp.Expression) -> Column:
    _only(expression, "this")
    identifier = expression.this
    if not isinstance(identifier, exp.Identifier) or identifier.args.get("quoted"):
        raise ConditionError(
            "not-plain-sql",
            f"{expression.sql()}: a quoted name is not portable.",
            "Write the canonical column without quotes.",
        )
    return Column(str(identifier.this).lower())


def _constant(expression: exp.Expression) -> Constant:
    if isinstance(expression, exp.Neg):
        _only(expression, "this")
        inner = _constant(expression.this) if isinstance(expression.this, exp.Literal) else None
        if inner is None or isinstance(inner.value, str):
            raise ConditionError(
                "not-plain-sql", f"{expression.sql()}: only a number can be negative.", "Write 0 - column."
            )
        assert isinstance(inner.value, int | Decimal)
        return Constant(-inner.value)
    if isinstance(expression, exp.Boolean):
        return Constant(bool(expression.this))
    text = str(expression.this)
    if expression.args.get("is_string"):
        return Constant(_plain_text(text))
    try:
        number = Decimal(text)
    except ArithmeticError:
        raise ConditionError(
            "not-plain-sql", f"{text} is not a plain number.", "Write it in digits."
        ) from None
    if "e" in text.lower():
        raise ConditionError("not-plain-sql", f"{text} is an inexact number.", "Write it in digits.")
    return Constant(int(number) if number == number.to_integral_value() else number)


def _plain_text(text: str) -> str:
    if "'" in text or "\\" in text or not text.isprintable():
        raise ConditionError(
            "not-plain-sql",
            f"The text {text!r} holds a quote, a backslash or a control character, which engines read differently.",
            "Map the value to a plain word in the model that supplies the column.",
        )
    return text


def _is(expression: exp.Expression) -> Node:
    # In some dialects sqlglot reads IS NOT NULL as Is(negate=True).
    _only(expression, "this", "expression", "negate")
    item, what = _node(expression.this), expression.expression
    found: Node
    if isinstance(what, exp.Null):
        found = IsNull(item)
    elif isinstance(what, exp.Boolean):
        found = IsTruth(item, bool(what.this))
    else:
        _refuse(expression)
    return Not(found) if expression.args.get("negate") else found


def _in(expression: exp.Expression) -> Node:
    if expression.args.get("query") is not None:
        _refuse(expression.args["query"])
    _only(expression, "this", "expressions")
    values: list[Constant] = []
    for item in expression.expressions:
        value = _node(item)
        if not isinstance(value, Constant):
            raise ConditionError(
                "not-plain-sql",
                f"{expression.sql()}: IN takes a list of constants.",
                "Write OR between the comparisons.",
            )
        values.append(value)
    if not values:
        raise ConditionError(
            "not-plain-sql", f"{expression.sql()}: the list is empty.", "Name at least one value."
        )
    return In(_node(expression.this), tuple(values))


def _like(expression: exp.Expression) -> Node:
    # sqlglot reads NOT LIKE as Like(negate=True); overlooking it would turn the meaning round.
    _only(expression, "this", "expression", "negate")
    pattern = _node(expression.expression)
    if not isinstance(pattern, Constant) or not isinstance(pattern.value, str):
        raise ConditionError(
            "not-plain-sql", f"{expression.sql()}: the pattern has to be a text.", "Write LIKE 'pattern'."
        )
    found = Like(_node(expression.this), pattern.value)
    return Not(found) if expression.args.get("negate") else found


def _cast(expression: exp.Expression) -> Node:
    if isinstance(expression, exp.Cast):
        _only(expression, "this", "to")
        if expression.to.this != exp.DataType.Type.DATE:
            raise ConditionError(
                "not-plain-sql",
                f"{expression.sql()}: only a cast to DATE is portable.",
                "Declare the column with the type that you need.",
            )
    else:
        _only(expression, "this")
    item = _node(expression.this)
    if isinstance(item, Constant) and isinstance(item.value, str):
        try:
            return Constant(date.fromisoformat(item.value))
        except ValueError:
            raise ConditionError(
                "not-plain-sql", f"{item.value!r} is no day.", "Write CAST('YYYY-MM-DD' AS DATE)."
            ) from None
    return Day(item)


def _call(expression: exp.Expression) -> Node:
    names: dict[type[exp.Expression], str] = {
        exp.Abs: "abs",
        exp.Coalesce: "coalesce",
        exp.Length: "length",
        exp.Lower: "lower",
        exp.Nullif: "nullif",
        exp.Upper: "upper",
    }
    name = names.get(type(expression))
    if name is None:
        _refuse(expression)
    _only(expression, "this", "expression", "expressions")
    given = [expression.this, expression.args.get("expression"), *expression.expressions]
    arguments = tuple(_node(argument) for argument in given if argument is not None)
    fits = {"coalesce": len(arguments) >= 2, "nullif": len(arguments) == 2}.get(name, len(arguments) == 1)
    if not fits:
        raise ConditionError(
            "not-plain-sql",
            f"{expression.sql()}: {len(arguments)} argument(s) do not fit {name.upper()}.",
            "COALESCE takes two or more, NULLIF two, the others one.",
        )
    return Call(name, arguments)
