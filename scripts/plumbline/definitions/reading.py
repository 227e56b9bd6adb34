"""From the text of a criterion to its tree.

sqlglot reads the text. Each of its expressions is taken over with every argument accounted for; what is not
known here is refused by name, with the reason: an argument that is overlooked can turn a meaning round.
"""

from datetime import date
from decimal import Decimal
from typing import NoReturn

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import SqlglotError

from plumbline.definitions.conditions import (
    FUNCTIONS,
    All,
    AnyOf,
    Arithmetic,
    Between,
    Call,
    Column,
    Compare,
    ConditionError,
    Constant,
    Day,
    In,
    IsNull,
    IsTruth,
    Like,
    Node,
    Not,
)
from plumbline.definitions.problems import sql_slip

_COMPARISONS: dict[type[exp.Expression], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_ARITHMETIC: dict[type[exp.Expression], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}

_NO_CLOCK = (
    "A definition reads no clock.",
    "Declare a column of the entity that counts days up to the row's time.",
)
_CLOCKS = {"now", "getdate", "sysdate", "today", "get_current_time"}

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
    exp.CurrentDate: _NO_CLOCK,
    exp.CurrentTimestamp: _NO_CLOCK,
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
        raise ConditionError(
            "unreadable-sql", f"This is not SQL: {sql!r} ({sql_slip(error)}).", "Write one condition."
        ) from error
    if len(statements) != 1 or statements[0] is None:
        raise ConditionError("unreadable-sql", f"This is not one condition: {sql!r}.", "Write exactly one.")
    return _node(statements[0])


def _refuse(expression: exp.Expression) -> NoReturn:
    shown = expression.sql()
    for kind, (message, mending) in _REFUSALS.items():
        if isinstance(expression, kind):
            raise ConditionError("not-plain-sql", f"{shown}: {message}", mending)
    if isinstance(expression, exp.Anonymous) and expression.name.lower() in _CLOCKS:
        raise ConditionError("not-plain-sql", f"{shown}: {_NO_CLOCK[0]}", _NO_CLOCK[1])
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
    what = expression.name.upper() if isinstance(expression, exp.Anonymous) else expression.key.upper()
    raise ConditionError(
        "not-plain-sql",
        f"{shown}: {what} is not among what a criterion may use.",
        "Use comparisons, AND, OR, NOT, IS [NOT] NULL/TRUE/FALSE, IN, BETWEEN, LIKE, + - *, "
        + "CAST(… AS DATE) and "
        + ", ".join(function.upper() for function in FUNCTIONS)
        + ".",
    )


def _only(expression: exp.Expression, *allowed: str) -> None:
    """Refuse an expression that carries an argument which this reader does not know."""
    for name, value in expression.args.items():
        if name not in allowed and value not in (None, False, []):
            raise ConditionError(
                "not-plain-sql",
                f"{expression.sql()}: `{name}` of {expression.key.upper()} is not for criteria.",
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
    if kind is exp.And:
        _only(expression, "this", "expression")
        sides = (_node(expression.this), _node(expression.expression))
        return All(tuple(item for side in sides for item in (side.items if isinstance(side, All) else (side,))))
    if kind is exp.Or:
        _only(expression, "this", "expression")
        sides = (_node(expression.this), _node(expression.expression))
        return AnyOf(tuple(item for side in sides for item in (side.items if isinstance(side, AnyOf) else (side,))))
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
        raise ConditionError("not-plain-sql", f"{text} is not a plain number.", "Write it in digits.") from None
    if "e" in text.lower():
        raise ConditionError("not-plain-sql", f"{text} is an inexact number.", "Write it in digits.")
    return Constant(int(number) if number == number.to_integral_value() else number)


def _plain_text(text: str) -> str:
    if "'" in text or "\\" in text or not text.isprintable():
        raise ConditionError(
            "not-plain-sql",
            f"The text {text!r} holds a quote, backslash or control character; engines differ there.",
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
        raise ConditionError("not-plain-sql", f"{expression.sql()}: the list is empty.", "Name at least one value.")
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
    # For engines whose LENGTH takes bytes too, sqlglot notes `binary`; of a text it counts characters.
    noted = ("binary",) if name == "length" and expression.args.get("binary") is True else ()
    _only(expression, "this", "expression", "expressions", *noted)
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
