"""Where SQL says a condition: WHERE, ON, HAVING, QUALIFY, CASE WHEN, FILTER, and columns that are true or false."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import expressions as exp
from sqlglot.optimizer.scope import Scope


@dataclass(frozen=True)
class Predicate:
    """A whole condition. `metric`: it chooses which rows a number is made of."""

    tree: exp.Expression
    metric: bool


def predicates(scope: Scope) -> Iterator[Predicate]:
    """The conditions that a SELECT says itself; those of its sub-queries are theirs."""
    select = scope.expression
    if not isinstance(select, exp.Select):
        return
    for key in ("where", "having", "qualify"):
        clause = select.args.get(key)
        if clause is not None:
            yield from _condition(clause.this, metric=key == "where" and _aggregates(select))
    for join in select.args.get("joins") or []:
        if join.args.get("on") is not None:
            yield from _condition(join.args["on"], metric=False)
    for part in select.selects:
        yield from _within(part, metric=False)


def conjuncts(tree: exp.Expression) -> list[exp.Expression]:
    """What is joined by AND, without brackets."""
    tree = tree.unnest()
    if not isinstance(tree, exp.And):
        return [tree]
    return [part for side in (tree.left, tree.right) for part in conjuncts(side)]


def smaller(tree: exp.Expression) -> Iterator[exp.Expression]:
    """The conditions that a condition is made of."""
    for child in tree.unnest().iter_expressions():
        inner = child.unnest()
        if isinstance(inner, exp.Query):
            continue
        if is_condition(inner):
            yield inner
        else:
            yield from smaller(inner)


def is_condition(tree: exp.Expression) -> bool:
    """Whether an expression says true or false by its form."""
    tree = tree.unnest()
    if isinstance(tree, exp.Coalesce):
        return is_condition(tree.this)
    if isinstance(tree, exp.Case):
        said = [*[branch.args["true"] for branch in tree.args["ifs"]], tree.args.get("default")]
        said = [part.unnest() for part in said if part is not None and not isinstance(part, exp.Null)]
        return all(isinstance(part, exp.Boolean) or is_condition(part) for part in said) and bool(said)
    return isinstance(tree, exp.Connector | exp.Not | exp.Predicate)


def _aggregates(select: exp.Select) -> bool:
    """Whether a SELECT makes numbers of many rows."""
    if select.args.get("group"):
        return True
    return any(
        isinstance(node, exp.AggFunc) and not isinstance(node.parent, exp.Window)
        for part in select.selects
        for node in part.walk(prune=lambda node: isinstance(node, exp.Query))
    )


def _condition(tree: exp.Expression, metric: bool) -> Iterator[Predicate]:
    if not isinstance(tree.unnest(), exp.Boolean | exp.Literal | exp.Null):
        yield Predicate(tree.unnest(), metric)
        yield from _beneath(tree, metric)


def _beneath(tree: exp.Expression, metric: bool) -> Iterator[Predicate]:
    """Conditions inside the values that a condition compares."""
    for child in tree.unnest().iter_expressions():
        inner = child.unnest()
        if is_condition(inner) and not isinstance(inner, exp.Case):
            yield from _beneath(inner, metric)
        elif not isinstance(inner, exp.Case) or not is_condition(inner):
            yield from _within(inner, metric)


def _within(tree: exp.Expression, metric: bool) -> Iterator[Predicate]:
    """Conditions inside a value."""
    tree = tree.unnest()
    if isinstance(tree, exp.Query):
        return
    if is_condition(tree):
        yield from _condition(tree, metric)
        return
    if isinstance(tree, exp.Filter):
        yield from _within(tree.this, True)
        yield from _condition(tree.expression.this, True)
        return
    if isinstance(tree, exp.Case) or (isinstance(tree, exp.If) and not isinstance(tree.parent, exp.Case)):
        yield from _of_case(tree, metric)
        return
    inner = metric or isinstance(tree, exp.AggFunc)
    for child in tree.iter_expressions():
        yield from _within(child, inner)


def _of_case(tree: exp.Expression, metric: bool) -> Iterator[Predicate]:
    branches = tree.args.get("ifs") or [tree]
    for branch in branches:
        condition = branch.this
        if isinstance(tree, exp.Case) and tree.this is not None:
            condition = exp.EQ(this=tree.this.copy(), expression=branch.this.copy())
        yield from _condition(condition, metric)
        yield from _within(branch.args["true"], metric)
    otherwise = tree.args.get("default") or tree.args.get("false")
    if otherwise is not None:
        yield from _within(otherwise, metric)
