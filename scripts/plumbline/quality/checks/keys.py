"""Which columns tell the rows of a query apart, as far as its SQL and the grains of what it reads prove it.

A key is a set of columns. What cannot be proven has no key: the answer errs on the side of none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

Key = frozenset[str]


@dataclass(frozen=True)
class Relation:
    """The columns of a relation where they are known, and its keys."""

    columns: tuple[str, ...] | None
    keys: frozenset[Key]
    constants: frozenset[str] = frozenset()
    """Columns that have one and the same value in every row."""


UNKNOWN = Relation(None, frozenset())


def relations_of(tree: exp.Expression, known: Mapping[str, Relation]) -> dict[int, Relation]:
    """The rows that each SELECT reads, by its id: columns are named `alias.column`."""
    inputs: dict[int, Relation] = {}
    _output(tree, dict(known), inputs)
    return inputs


def _output(query: exp.Expression, known: dict[str, Relation], inputs: dict[int, Relation]) -> Relation:
    known = dict(known)
    with_ = query.args.get("with_") or query.args.get("with")
    for cte in with_.expressions if with_ else []:
        known[cte.alias.lower()] = _output(cte.this, known, inputs)
    if isinstance(query, exp.Subquery):
        return _output(query.this, known, inputs)
    if isinstance(query, exp.Union):
        left, right = _output(query.left, known, inputs), _output(query.right, known, inputs)
        return _union(query, left, right)
    if isinstance(query, exp.Select):
        source = _source(query, known, inputs)
        fixed = {qualified(name, source) for name in _constants(_where(query))}
        source = replace(source, constants=source.constants | fixed)
        inputs[id(query)] = source
        return _select(query, source)
    return UNKNOWN


def _union(query: exp.Union, left: Relation, right: Relation) -> Relation:
    if query.args.get("distinct") and left.columns is not None:
        return Relation(left.columns, frozenset({frozenset(left.columns)}))
    # The same constants in different branches keep their rows apart: `'lead' as source_object`.
    apart = [
        column
        for column in left.columns or ()
        if len(values := [_constant(branch, column, left.columns) for branch in _branches(query)]) == len(set(values))
        and None not in values
    ]
    shared = {key for key in left.keys if right.columns == left.columns and key in right.keys}
    return Relation(left.columns, frozenset(key | {column} for key in shared for column in apart))


def _branches(query: exp.Expression) -> list[exp.Expression]:
    if isinstance(query, exp.Union):
        return [*_branches(query.left), *_branches(query.right)]
    return [query.unnest()] if isinstance(query, exp.Subquery) else [query]


def _constant(branch: exp.Expression, column: str, columns: tuple[str, ...] | None) -> str | None:
    if not isinstance(branch, exp.Select) or columns is None or len(branch.expressions) != len(columns):
        return None
    value = branch.expressions[columns.index(column)].unalias()
    while isinstance(value, exp.Cast):
        value = value.this
    return str(value.this) if isinstance(value, exp.Literal) else None


def _source(query: exp.Select, known: dict[str, Relation], inputs: dict[int, Relation]) -> Relation:
    from_ = query.args.get("from_") or query.args.get("from")
    if from_ is None:
        return Relation((), frozenset({frozenset()}))
    relation = _named(from_.this, known, inputs)
    for join in query.args.get("joins") or []:
        relation = _joined(relation, _named(join.this, known, inputs), join)
    return relation


def _named(item: exp.Expression, known: dict[str, Relation], inputs: dict[int, Relation]) -> Relation:
    if isinstance(item, exp.Subquery):
        relation = _output(item.this, known, inputs)
    elif isinstance(item, exp.Table):
        relation = known.get(item.name.lower(), UNKNOWN)
    else:
        relation = UNKNOWN
    alias = item.alias_or_name.lower()
    columns = None if relation.columns is None else tuple(f"{alias}.{name}" for name in relation.columns)
    return Relation(
        columns,
        frozenset(frozenset(f"{alias}.{name}" for name in key) for key in relation.keys),
        frozenset(f"{alias}.{name}" for name in relation.constants),
    )


def _joined(left: Relation, right: Relation, join: exp.Join) -> Relation:
    columns = None if left.columns is None or right.columns is None else left.columns + right.columns
    equal = _equalities(join.args.get("on"))
    side = (join.side or "").upper()
    # A row of the left meets at most one of the right when a key of the right is given by equalities.
    given = {name for pair in equal for name in pair} | _constants(join.args.get("on"))
    keys: set[Key] = set()
    if side in ("", "LEFT") and any(key <= given for key in right.keys):
        keys |= left.keys
    if side == "" and any(key <= given for key in left.keys):
        keys |= right.keys
    if not keys:
        keys = {one | other for one in left.keys for other in right.keys}
    return Relation(columns, frozenset(keys), left.constants | (right.constants if side == "" else frozenset()))


def _equalities(condition: exp.Expression | None) -> list[tuple[str, str]]:
    return [
        (column_name(part.this), column_name(part.expression))
        for part in _conjuncts(condition)
        if isinstance(part, exp.EQ)
        and isinstance(part.this, exp.Column)
        and isinstance(part.expression, exp.Column)
        and part.this.table != part.expression.table
    ]


def _constants(condition: exp.Expression | None) -> set[str]:
    return {
        column_name(part.this)
        for part in _conjuncts(condition)
        if isinstance(part, exp.EQ) and isinstance(part.this, exp.Column) and isinstance(part.expression, exp.Literal)
    }


def _conjuncts(condition: exp.Expression | None) -> Iterable[exp.Expression]:
    if condition is None:
        return []
    condition = condition.unnest()
    return condition.flatten() if isinstance(condition, exp.And) else [condition]


def column_name(column: exp.Expression) -> str:
    """A column as `alias.column`, or `column` where it has no alias."""
    assert isinstance(column, exp.Column)
    return f"{column.table}.{column.name}".lower().lstrip(".")


def qualified(name: str, source: Relation) -> str:
    """The column with its alias, where one relation only has it."""
    if "." in name:
        return name
    known = {*(source.columns or ()), *(column for key in source.keys for column in key)}
    found = [column for column in known if column.partition(".")[2] == name]
    return found[0] if len(found) == 1 else name


def _select(query: exp.Select, source: Relation) -> Relation:
    outputs: dict[str, str] = {}
    columns: list[str] | None = []
    for item in query.expressions:
        value = item.unalias()
        if isinstance(value, exp.Star) or (isinstance(value, exp.Column) and isinstance(value.this, exp.Star)):
            table = value.table.lower() if isinstance(value, exp.Column) else None
            if source.columns is None:
                columns = None
            every = {*(source.columns or ()), *(column for key in source.keys for column in key)}
            for name in sorted(every):
                if table in (None, "", name.partition(".")[0]):
                    outputs.setdefault(name, name.partition(".")[2])
            if columns is not None:
                columns += [
                    name.partition(".")[2]
                    for name in source.columns or ()
                    if table in (None, "", name.partition(".")[0])
                ]
            continue
        if columns is not None:
            columns.append(item.alias_or_name.lower())
        if isinstance(value, exp.Column):
            outputs[qualified(column_name(value), source)] = item.alias_or_name.lower()
    constants = {outputs[name] for name in source.constants if name in outputs}
    constants |= {item.alias_or_name.lower() for item in query.expressions if _is_literal(item.unalias())}
    keys = _output_keys(query, source, outputs, columns)
    return Relation(None if columns is None else tuple(columns), keys, frozenset(constants))


def _is_literal(value: exp.Expression) -> bool:
    while isinstance(value, exp.Cast):
        value = value.this
    return isinstance(value, exp.Literal)


def _output_keys(
    query: exp.Select, source: Relation, outputs: dict[str, str], columns: list[str] | None
) -> frozenset[Key]:
    keys: set[Key] = set()
    if query.args.get("distinct") and columns is not None:
        keys.add(frozenset(columns))
    group = query.args.get("group")
    if group is not None:
        keys |= _group_keys(query, group, source)
    elif any(item.find(exp.AggFunc) and not item.find(exp.Window) for item in query.expressions):
        keys.add(frozenset())
    else:
        same = _where_pairs(query, source)
        for key in source.keys:
            left = {
                same.get(name, name) if same.get(name, name) in outputs else name for name in key - source.constants
            }
            if left <= set(outputs):
                keys.add(frozenset(outputs[name] for name in left))
    return frozenset(keys)


def _where(query: exp.Select) -> exp.Expression | None:
    where = query.args.get("where")
    return where.this if where is not None else None


def _where_pairs(query: exp.Select, source: Relation) -> dict[str, str]:
    """Columns that a join makes equal stand for each other."""
    pairs: dict[str, str] = {}
    for join in query.args.get("joins") or []:
        if (join.side or "").upper() == "":
            for one, other in _equalities(join.args.get("on")):
                pairs.setdefault(one, other)
                pairs.setdefault(other, one)
    return pairs


def _group_keys(query: exp.Select, group: exp.Expression, source: Relation) -> set[Key]:
    by_sql = {item.unalias().sql(): item.alias_or_name.lower() for item in query.expressions}
    by_name = {
        qualified(column_name(item.unalias()), source): item.alias_or_name.lower()
        for item in query.expressions
        if isinstance(item.unalias(), exp.Column)
    }
    names: set[str] = set()
    for item in group.expressions:
        if isinstance(item, exp.Literal) and item.is_int:
            names.add(query.expressions[int(item.this) - 1].alias_or_name.lower())
        elif found := _group_name(item, by_name, by_sql, source):
            names.add(found)
        else:
            return set()
    return {frozenset(names)}


def _group_name(item: exp.Expression, by_name: dict[str, str], by_sql: dict[str, str], source: Relation) -> str | None:
    named = by_name.get(qualified(column_name(item), source)) if isinstance(item, exp.Column) else None
    return named or by_sql.get(item.sql())
