"""Window functions whose result depends on an order that ties leave open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from plumbline.quality.checks.keys import Relation, column_name, qualified, relations_of
from plumbline.quality.checks.model import Node, Project, Violation
from plumbline.quality.checks.reviewed import unexplained

# What gives equal rows equal results, whatever their order: aggregates and ranks over peers.
_ORDERED = (exp.RowNumber, exp.FirstValue, exp.LastValue, exp.NthValue, exp.Lag, exp.Lead, exp.Ntile)
CODE = "PB103"


def window_orders(project: Project) -> Iterator[Violation]:
    """Windows that pick or number rows without a provably unique order and without a reviewed reason."""
    known = {
        str(node.get("alias") or node["name"]).lower(): Relation(
            tuple(name.lower() for name in node["columns"]) or None,
            frozenset({frozenset(str(name).lower() for name in grain)}),
        )
        for node in project.manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
        and (grain := node["config"].get("meta", {}).get("grain")) is not None
    }
    yield from unexplained(CODE, _open_windows(project, known))


def _open_windows(project: Project, known: dict[str, Relation]) -> Iterator[Violation]:
    for node in project.models:
        if re.search(r"\bover\b", str(node["compiled_code"]), re.IGNORECASE):
            for where in open_windows(project.tree(node), known, node):
                yield Violation(where, "rows may tie: the order holds no key of the input")


def open_windows(tree: exp.Expression, known: dict[str, Relation], node: Node) -> Iterator[str]:
    """The windows of a query whose order cannot be proven unique, as `model: window`."""
    inputs = relations_of(tree, known)
    seen = set()
    for window in tree.find_all(exp.Window):
        select = window.find_ancestor(exp.Select)
        if not _picks(window) or select is None:
            continue
        where = f"{node['name']}: {window.sql(dialect='duckdb').lower()}"
        if where not in seen and not _is_proven(window, select, inputs.get(id(select))):
            seen.add(where)
            yield where


def _picks(window: exp.Window) -> bool:
    spec = window.args.get("spec")
    return isinstance(_function(window), _ORDERED) or (
        spec is not None and str(spec.args.get("kind")).upper() == "ROWS"
    )


def _function(window: exp.Window) -> exp.Expression:
    function = window.this
    while isinstance(function, (exp.IgnoreNulls, exp.RespectNulls, exp.Filter)):
        function = function.this
    return function


def _is_proven(window: exp.Window, select: exp.Select, source: Relation | None) -> bool:
    order = window.args.get("order")
    items = [*(window.args.get("partition_by") or []), *(item.this for item in (order.expressions if order else []))]
    source = source or Relation(None, frozenset())
    given = {qualified(column_name(item), source) for item in items if isinstance(item, exp.Column)}
    given |= source.constants
    group = select.args.get("group")
    if group is not None:
        by = {qualified(column_name(item), source) for item in group.expressions if isinstance(item, exp.Column)}
        if len(by) == len(group.expressions) and by <= given:
            return True
    elif any(key <= given for key in source.keys):
        return True
    return _shows_only_the_order(window, select, source, given)


def _shows_only_the_order(window: exp.Window, select: exp.Select, source: Relation, given: set[str]) -> bool:
    """Whether tied rows are the same in all that is picked or selected, so that either may come first."""
    function = _function(window)
    if isinstance(function, (exp.FirstValue, exp.LastValue)):
        return all(qualified(column_name(column), source) in given for column in function.find_all(exp.Column))
    if any(isinstance(item.unalias(), exp.Star) or item.is_star for item in select.expressions):
        return bool(source.columns) and set(source.columns or ()) <= given
    columns = {
        qualified(column_name(column), source) for item in select.expressions for column in _shown(item.unalias())
    }
    return columns <= given


def _shown(item: exp.Expression) -> Iterator[exp.Column]:
    """The columns that a selected item shows: of a window what it picks and its partition, not its order."""
    if not isinstance(item, exp.Window):
        yield from item.find_all(exp.Column)
        return
    for part in item.args.get("partition_by") or []:
        yield from part.find_all(exp.Column)
    if _picks(item):
        yield from _function(item).find_all(exp.Column)
