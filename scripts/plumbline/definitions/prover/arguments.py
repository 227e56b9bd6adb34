"""Which arguments of a sqlglot expression are understood: any other that is set makes the expression opaque.

An argument that is overlooked can turn a meaning round: sqlglot 30 reads NOT LIKE as `Like(negate=True)`.
"""

from sqlglot import expressions as exp

_BINARY = frozenset({"this", "expression"})
_UNARY = frozenset({"this"})

UNDERSTOOD: dict[type[exp.Expression], frozenset[str]] = {
    exp.Paren: _UNARY,
    exp.Column: frozenset({"this", "table"}),
    exp.Literal: frozenset({"this", "is_string"}),
    exp.Boolean: _UNARY,
    exp.Null: frozenset(),
    exp.And: _BINARY,
    exp.Or: _BINARY,
    exp.Not: _UNARY,
    exp.Is: _BINARY,
    exp.EQ: _BINARY,
    exp.NEQ: _BINARY,
    exp.LT: _BINARY,
    exp.LTE: _BINARY,
    exp.GT: _BINARY,
    exp.GTE: _BINARY,
    exp.NullSafeEQ: _BINARY,
    exp.NullSafeNEQ: _BINARY,
    exp.Between: frozenset({"this", "low", "high"}),
    exp.In: frozenset({"this", "expressions"}),
    exp.Like: frozenset({"this", "expression", "negate"}),
    exp.ILike: frozenset({"this", "expression", "negate"}),
    exp.Escape: _BINARY,
    exp.StartsWith: _BINARY,
    exp.EndsWith: _BINARY,
    exp.Contains: _BINARY,
    exp.Case: frozenset({"this", "ifs", "default"}),
    exp.If: frozenset({"this", "true", "false"}),
    exp.Coalesce: frozenset({"this", "expressions"}),
    exp.Nullif: _BINARY,
    exp.Neg: _UNARY,
    exp.Add: _BINARY,
    exp.Sub: _BINARY,
    exp.Mul: _BINARY,
    exp.Abs: _UNARY,
    exp.Greatest: frozenset({"this", "expressions", "ignore_nulls"}),
    exp.Least: frozenset({"this", "expressions", "ignore_nulls"}),
    exp.Lower: _UNARY,
    exp.Upper: _UNARY,
    exp.Trim: frozenset({"this", "position"}),
    exp.Length: _UNARY,
    exp.StrPosition: frozenset({"this", "substr"}),
    exp.Cast: frozenset({"this", "to"}),
    exp.TryCast: frozenset({"this", "to", "safe"}),
    exp.DataType: frozenset({"this", "expressions"}),
    exp.Date: _UNARY,
    exp.CurrentDate: frozenset(),
    exp.CurrentTimestamp: frozenset(),
    exp.Interval: frozenset({"this", "unit"}),
    exp.DateAdd: frozenset({"this", "expression", "unit"}),
    exp.DateSub: frozenset({"this", "expression", "unit"}),
    exp.TimestampAdd: frozenset({"this", "expression", "unit"}),
    exp.TimestampSub: frozenset({"this", "expression", "unit"}),
    exp.DateDiff: frozenset({"this", "expression", "unit", "date_part_boundary"}),
    exp.DateTrunc: frozenset({"this", "unit"}),
    exp.TimestampTrunc: frozenset({"this", "unit"}),
    exp.Extract: frozenset({"this", "expression"}),
    exp.Year: _UNARY,
    exp.Anonymous: frozenset({"this", "expressions"}),
}


def overlooked(expression: exp.Expression) -> set[str]:
    """The arguments that are set and not understood."""
    understood = UNDERSTOOD.get(type(expression), frozenset())
    return {name for name, value in expression.args.items() if value not in (None, False, [], "")} - understood
