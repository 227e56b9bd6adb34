"""From a column of a compiled dbt model down to the canonical columns of an entity: CTEs, sub-queries, models.

A canonical column is one that a declared supplier of the entity gives (`supplied_by`). Scopes are walked one by one,
and every column on the way is replaced by what it stands for; where that is not a function of one row, the reason is
named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, build_scope

from plumbline.definitions.schemas import Entity

_DIALECTS = {"duckdb", "postgres", "snowflake", "bigquery", "databricks", "spark", "redshift", "trino"}
Path = tuple[str, ...]


class UntraceableError(Exception):
    """A column that cannot be led back to one row of the entity; the message is the reason."""


@dataclass(frozen=True)
class Origin:
    """The row that canonical columns are read from: a supplier, and the aliases on the way to it.

    `optional`: an outer join may find no such row; its columns are NULL then.
    """

    model: str
    path: Path
    optional: bool


@dataclass(frozen=True)
class Traced:
    """What a column is, over canonical columns."""

    sql: str
    origins: frozenset[Origin]


@dataclass(frozen=True)
class Part:
    """An expression over canonical columns, and the rows that it looks at."""

    expression: exp.Expression
    origins: frozenset[Origin]


class Models:
    """The compiled models of a dbt manifest, parsed once each."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self.nodes: dict[str, Mapping[str, Any]] = {
            node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"
        }
        adapter = str(manifest.get("metadata", {}).get("adapter_type") or "duckdb")
        self.dialect = adapter if adapter in _DIALECTS else "duckdb"
        self._scopes: dict[str, Scope] = {}
        self._ids = {key: node["name"] for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}
        self._beneath: dict[str, frozenset[str]] = {}

    @cached_property
    def _by_relation(self) -> dict[str, str]:
        found = {}
        for name, node in self.nodes.items():
            if node.get("relation_name"):
                found[self._key(exp.to_table(node["relation_name"], dialect=self.dialect))] = name
        return found

    def named(self, table: exp.Table) -> str | None:
        """The model that a table of compiled SQL is, if it is one."""
        return self._by_relation.get(self._key(table))

    @staticmethod
    def _key(table: exp.Table) -> str:
        return ".".join(part.name.lower() for part in table.parts)

    def reaches(self, name: str, suppliers: Collection[str]) -> bool:
        """Whether a model is one of these or reads one, directly or not, as far as dbt says what it reads."""
        return "depends_on" not in self.nodes[name] or not self._below(name).isdisjoint(suppliers)

    def worth_following(self, name: str, suppliers: Collection[str]) -> bool:
        """Whether a column is led on into a model. One that reads no supplier can still say a constant."""
        return True

    def _below(self, name: str) -> frozenset[str]:
        if name not in self._beneath:
            direct = [self._ids[key] for key in self.nodes[name]["depends_on"].get("nodes", ()) if key in self._ids]
            self._beneath[name] = frozenset({name}).union(*[self._below(other) for other in direct])
        return self._beneath[name]

    def scope(self, name: str) -> Scope:
        """The outermost scope of a model. Raises UntraceableError."""
        if name not in self._scopes:
            code = self.nodes[name].get("compiled_code")
            if not code:
                raise UntraceableError(f"`{name}` is not compiled")
            try:
                scope = build_scope(sqlglot.parse_one(code, read=self.dialect))
            except (SqlglotError, RecursionError) as error:
                raise UntraceableError(f"the SQL of `{name}` cannot be parsed") from error
            if scope is None:
                raise UntraceableError(f"`{name}` is no query")
            self._scopes[name] = scope
        return self._scopes[name]


def trace(models: Models, entity: Entity, model: str, column: str, as_of: str | None = None) -> Traced:
    """A column of a model over the entity's canonical columns, and `as_of` if given. Raises UntraceableError."""
    try:
        part = Tracer(models, entity, model, as_of, own=False).output(column.lower())
    except UntraceableError:
        # Where the model is a supplier itself, what it hands on is canonical, too.
        part = Tracer(models, entity, model, as_of, own=True).output(column.lower())
    return Traced(part.expression.sql(dialect=models.dialect), part.origins)


@dataclass(frozen=True)
class Place:
    """Where the walk is: in which model, by which aliases from its last SELECT, and how the model was reached."""

    model: str
    inside: Path = ()
    reached: Path = ()
    reached_optional: bool = False
    optional: bool = False

    def within(self, alias: str, optional: bool) -> Place:
        return replace(self, inside=(*self.inside, alias), optional=self.optional or optional)

    def entered(self, model: str, alias: str, optional: bool) -> Place:
        optional = self.optional or optional
        return Place(model, (), (*self.path, alias, model), optional, optional)

    @property
    def path(self) -> Path:
        return (*self.reached, *self.inside)


class Tracer:
    """Leads what stands in one model back to an entity. `own`: what a supplier itself hands on is canonical."""

    def __init__(self, models: Models, entity: Entity, model: str, as_of: str | None, own: bool) -> None:
        self.models = models
        self.model = model
        self.supplied = {
            supplier.model: frozenset(supplier.columns or entity.columns) for supplier in entity.supplied_by
        }
        self._known: dict[tuple[Place, int, str], Part | UntraceableError] = {}
        self._own: dict[str, dict[tuple[Path, str, str], str]] = {}
        first = [] if not own else sorted(self.supplied.get(model, ()))
        self._own[model] = self._handed_on(model, [*first, *([] if as_of is None else [as_of])])

    # What a supplier hands on ---------------------------------------------------------------------------

    def _handed_on(self, model: str, names: list[str]) -> dict[tuple[Path, str, str], str]:
        """Where a model's own canonical columns come from, as far as they are handed on without a change."""
        found: dict[tuple[Path, str, str], str] = {}
        for name in names:
            try:
                found |= self._followed(self.models.scope(model), name)
            except UntraceableError:
                continue
        return found

    def _followed(self, scope: Scope, canonical: str) -> dict[tuple[Path, str, str], str]:
        found: dict[tuple[Path, str, str], str] = {}
        inside: Path = ()
        projection = self._projection(scope, canonical)
        while isinstance(projection, exp.Column):
            alias, name = self._alias(scope, projection), projection.name.lower()
            found[(inside, alias, name)] = canonical
            source = relations(scope)[alias]
            if not isinstance(source, Scope) or not isinstance(source.expression, exp.Select):
                break
            inside, scope = (*inside, alias), source
            projection = self._projection(scope, name)
        return found

    def _canonical(self, place: Place, alias: str, name: str) -> str | None:
        if place.model not in self._own:
            self._own[place.model] = self._handed_on(place.model, sorted(self.supplied.get(place.model, ())))
        return self._own[place.model].get((place.inside, alias, name))

    # Walking down ---------------------------------------------------------------------------------------

    def output(self, name: str) -> Part:
        """An output column of the model."""
        return self._projected(Place(self.model), self.models.scope(self.model), name)

    def _projected(self, place: Place, scope: Scope, name: str) -> Part:
        key = (place, id(scope), name)
        if key not in self._known:
            try:
                self._known[key] = self._looked_up(place, scope, name)
            except UntraceableError as error:
                self._known[key] = error
        found = self._known[key]
        if isinstance(found, UntraceableError):
            raise found
        return found

    def _looked_up(self, place: Place, scope: Scope, name: str) -> Part:
        if isinstance(scope.expression, exp.SetOperation):
            return self._of_union(place, scope, name)
        return self.expression(place, scope, self._projection(scope, name))

    def _of_union(self, place: Place, scope: Scope, name: str) -> Part:
        """A column of a union: one and the same of every branch, by its place."""
        refused = UntraceableError(f"`{name}` of `{place.model}` comes out of a union of several shapes")
        branches = _branches(scope)
        if scope.expression.args.get("by_name"):
            raise refused
        if any(part.is_star for branch in branches for part in branch.expression.selects):
            raise refused
        names = [part.alias_or_name.lower() for part in branches[0].expression.selects]
        if name not in names:
            raise refused
        index = names.index(name)
        found = [
            self.expression(place.within(f"part {number}", False), branch, branch.expression.selects[index].unalias())
            for number, branch in enumerate(branches, start=1)
        ]
        if len({part.expression.sql() for part in found}) > 1:
            raise UntraceableError(f"`{name}` of `{place.model}` says something else in each part of a union")
        optional = any(origin.optional for part in found for origin in part.origins)
        return Part(found[0].expression, frozenset(replace(one, optional=optional) for one in found[0].origins))

    def _projection(self, scope: Scope, name: str) -> exp.Expression:
        """What a scope selects under a name."""
        select = scope.expression
        if not isinstance(select, exp.Select):
            raise UntraceableError(f"`{name}` does not come out of a SELECT")
        stars: list[exp.Expression] = []
        for part in select.selects:
            if part.is_star:
                stars.append(part)
            elif part.alias_or_name.lower() == name:
                return part.unalias()
        for part in stars:
            found = self._of_star(scope, part, name, alone=len(stars) == 1)
            if found is not None:
                return found
        raise UntraceableError(f"nothing says where `{name}` comes from")

    def _of_star(self, scope: Scope, part: exp.Expression, name: str, alone: bool) -> exp.Expression | None:
        star = part if isinstance(part, exp.Star) else part.this
        for replaced in star.args.get("replace") or []:
            if replaced.alias_or_name.lower() == name:
                return replaced.unalias()
        if any(left_out.name.lower() == name for left_out in star.args.get("except_") or star.args.get("except") or []):
            return None
        if star.args.get("rename"):
            raise UntraceableError(f"`{name}` may be renamed within a `*`")
        table = part.table if isinstance(part, exp.Column) else ""
        if table:
            return (
                exp.column(name, table=table) if alone or self._has(relations(scope).get(table.lower()), name) else None
            )
        if len(relations(scope)) == 1:
            return exp.column(name, table=next(iter(relations(scope))))
        owners = [alias for alias, source in relations(scope).items() if self._has(source, name)]
        return exp.column(name, table=owners[0]) if len(owners) == 1 else None

    def _has(self, source: Scope | exp.Table | None, name: str) -> bool:
        """Whether a source is known to have a column."""
        if isinstance(source, Scope):
            try:
                self._projection(source, name)
            except UntraceableError:
                return False
            return True
        model = None if source is None else self.models.named(source)
        return model is not None and name in {column.lower() for column in self.models.nodes[model]["columns"]}

    def filters(self, place: Place, scope: Scope) -> Iterator[Part]:
        """What holds of every row that a scope reads, as far as it can be led back: conditions on the way down."""
        for alias, (node, source) in scope.selected_sources.items():
            if _may_be_missing(scope, alias) or _is_reshaped(node):
                continue
            if isinstance(source, Scope):
                yield from self._kept(place.within(alias, False), source)
            elif isinstance(source, exp.Table):
                name = self.models.named(source)
                if name is not None and name not in self.supplied and self.models.reaches(name, self.supplied):
                    yield from self._kept(place.entered(name, alias, False), self.models.scope(name))

    def _kept(self, place: Place, scope: Scope) -> Iterator[Part]:
        if not isinstance(scope.expression, exp.Select):
            return
        where = scope.expression.args.get("where")
        condition = None if where is None else where.this
        for part in condition.flatten() if isinstance(condition, exp.And) else [condition] if condition else []:
            try:
                yield self.expression(place, scope, part)
            except UntraceableError:
                continue
        yield from self.filters(place, scope)

    def expression(self, place: Place, scope: Scope, expression: exp.Expression) -> Part:
        """An expression of a scope. Raises UntraceableError where it is not a function of rows of the entity."""
        for node in expression.walk():
            if isinstance(node, exp.AggFunc | exp.Window | exp.Query):
                shown = _short(node.sql(dialect=self.models.dialect))
                raise UntraceableError(f"`{shown}` in `{place.model}` looks at more than one row")
        # all columns first: what cannot be led back is the usual case, and copying is dear
        found = [self._leaf(place, scope, column) for column in expression.find_all(exp.Column)]
        copied = expression.copy()
        for part, column in zip(found, list(copied.find_all(exp.Column)), strict=True):
            plain = isinstance(part.expression, exp.Column | exp.Literal | exp.Paren)
            written = part.expression.copy() if plain else exp.paren(part.expression.copy())
            if column is copied:
                copied = written
            else:
                column.replace(written)
        return Part(copied, frozenset(origin for part in found for origin in part.origins))

    def _leaf(self, place: Place, scope: Scope, column: exp.Column) -> Part:
        alias, name = self._alias(scope, column), column.name.lower()
        canonical = self._canonical(place, alias, name)
        if canonical is not None:
            origin = Origin(place.model, place.reached, place.reached_optional)
            return Part(exp.column(canonical), frozenset({origin}))
        node, source = scope.selected_sources[alias]
        if _is_reshaped(node) or (isinstance(source, Scope) and _is_reshaped(source.expression.parent)):
            raise UntraceableError(f"`{alias}` in `{place.model}` is pivoted, or its columns are renamed")
        optional = _may_be_missing(scope, alias)
        if isinstance(source, Scope):
            return self._projected(place.within(alias, optional), source, name)
        supplier = self.models.named(source)
        if supplier is None:
            raise UntraceableError(f"`{name}` comes from `{source.name}`, which is no model and no supplier")
        entered = place.entered(supplier, alias, optional)
        if name in self.supplied.get(supplier, ()):
            origin = Origin(supplier, entered.path, entered.optional)
            return Part(exp.column(name), frozenset({origin}))
        if not self.models.worth_following(supplier, self.supplied):
            raise UntraceableError(f"`{name}` comes from `{supplier}`, which reads no supplier")
        return self._projected(entered, self.models.scope(supplier), name)

    def _alias(self, scope: Scope, column: exp.Column) -> str:
        if column.table:
            for alias in relations(scope):
                if alias.lower() == column.table.lower():
                    return str(alias)
            raise UntraceableError(f"`{column.sql()}` is of no relation that is read there")
        if len(relations(scope)) == 1:
            return str(next(iter(relations(scope))))
        owners = [alias for alias, source in relations(scope).items() if self._has(source, column.name.lower())]
        if len(owners) != 1:
            raise UntraceableError(f"which relation `{column.name}` is of is not said")
        return str(owners[0])


def relations(scope: Scope) -> dict[str, Scope | exp.Table]:
    """The relations that a SELECT reads, by alias; those that it merely could read are left out."""
    return {alias: source for alias, (_, source) in scope.selected_sources.items()}


def places(models: Models, model: str) -> Iterator[tuple[Scope, Place]]:
    """Every scope of a model, with the aliases on the way to it. Raises UntraceableError."""
    root = models.scope(model)
    found: dict[int, Place] = {id(root): Place(model)}
    waiting = [root]
    while waiting:
        scope = waiting.pop(0)
        place = found[id(scope)]
        yield scope, place
        inner: list[tuple[str, Scope]] = [
            (str(alias), source) for alias, source in relations(scope).items() if isinstance(source, Scope)
        ]
        inner += [(f"part {number}", branch) for number, branch in enumerate(_parts(scope), start=1)]
        inner += [(f"sub-query {number}", part) for number, part in enumerate(scope.subquery_scopes, start=1)]
        for alias, source in inner:
            if id(source) not in found:
                found[id(source)] = place.within(alias, False)
                waiting.append(source)


def _parts(scope: Scope) -> list[Scope]:
    return _branches(scope) if isinstance(scope.expression, exp.SetOperation) else []


def _is_reshaped(node: exp.Expression | None) -> bool:
    """Whether a relation's columns are not those of the query or table that it is."""
    if node is None or not isinstance(node, exp.Table | exp.Subquery | exp.CTE):
        return False
    alias = node.args.get("alias")
    return bool(node.args.get("pivots") or (alias is not None and alias.args.get("columns")))


def _branches(scope: Scope) -> list[Scope]:
    """The SELECTs of a union, left to right."""
    if not isinstance(scope.expression, exp.SetOperation):
        return [scope]
    return [branch for part in scope.set_operation_scopes for branch in _branches(part)]


def _short(sql: str) -> str:
    return sql if len(sql) <= 60 else sql[:57] + "…"


def _may_be_missing(scope: Scope, alias: str) -> bool:
    """Whether an outer join may leave a relation's columns NULL."""
    select = scope.expression
    begun = (select.args.get("from_") or select.args.get("from")).this.alias_or_name == alias
    missing = False
    for join in select.args.get("joins") or []:
        own = join.this.alias_or_name == alias
        side = str(join.side or "").upper()
        if own:
            begun, missing = True, side in ("LEFT", "FULL")
        elif begun and side in ("RIGHT", "FULL"):
            missing = True
    return missing
