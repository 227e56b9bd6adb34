"""What the project declares about raw tables, and how landed names are matched with it.

The staging macros match names the same way (`macros/raw/raw_columns.sql`): in lower case with underscores
stripped, under the name that `raw_column_names` gives a column, or under one of its `also` names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plumbline.project.settings import ModelVariables
from plumbline.project.yaml_lines import read_document


@dataclass(frozen=True)
class NestedReading:
    """Where records stand inside those of another table (`nested` in the meta of a table)."""

    tables: list[str]
    record: str
    columns: dict[str, str | list[str]]

    def starts_of(self, path: str) -> list[str]:
        """The columns of the outer table that a path may start in: flattened, or its JSON."""
        whole = path.split("[]")[0]
        # Items may stand in tables of their own, where only the outer record can be asked for.
        inner = self.starts_of(self.record) if "[]" in path or path == "#" else []
        return [whole.replace(".", "_"), whole.split(".")[0], *inner]

    def child_tables(self, outer: str, landed: Iterable[str]) -> list[str]:
        """The tables that a loader makes of the lists in an outer one, outermost first; none where one is not there."""
        paths = [path for value in self.columns.values() for path in ([value] if isinstance(value, str) else value)]
        steps = max((path.split("[]")[:-1] for path in paths), key=len, default=[])
        landed, found, name = list(landed), [], outer
        for step in steps:
            name = f"{name}__{step.lstrip('.').replace('.', '__')}"
            child = _alike(name, landed)
            if child is None:
                return []
            found.append(child)
        return found

    def names_of(self, column: str) -> list[str]:
        """The columns of the outer table that a declared column may be read from."""
        path = self.columns.get(column, [])
        return [name for part in ([path] if isinstance(path, str) else path) for name in self.starts_of(part)]


@dataclass(frozen=True)
class DeclaredTable:
    """What a sources file says about one raw table."""

    system: str
    name: str
    needs_rows: bool
    required_columns: list[str]
    also: dict[str, list[str]] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    also_tables: list[str] = field(default_factory=list)
    nested: list[NestedReading] = field(default_factory=list)
    history_column: str | None = None
    """Of a table that keeps history: the column that says when a change was made."""

    def names_of(self, column: str, variables: ModelVariables) -> list[str]:
        """The names under which a declared column may land, best first: another instance may not have renamed it."""
        renamed = variables.raw_column_names.get(self.system, {}).get(self.name, {})
        nested = [name for reading in self.nested for name in reading.names_of(column)]
        return [*([renamed[column]] if column in renamed else []), column, *self.also.get(column, []), *nested]


def spelling(name: str) -> str:
    """A name as all loaders would spell it; a leading underscore marks a loader's own column and stays."""
    return ("_" if name.startswith("_") else "") + name.lower().replace("_", "")


def declared_tables(root: Path) -> list[DeclaredTable]:
    """All raw tables that the sources files of the project declare."""
    found: list[DeclaredTable] = []
    for path in sorted((root / "models" / "staging").glob("*/_*__sources.yml")):
        for source in (read_document(path, with_lines=False).content or {}).get("sources", []):
            found += [_declared(str(source["name"]), table) for table in source.get("tables", [])]
    return found


def landed_name(table: DeclaredTable, landed: Mapping[str, Iterable[str]]) -> str | None:
    """The landed table that a declared one is read from, among landed columns by table.

    Its own name goes first, then tables that hold its records inside of theirs, then its `also` names; of each, the
    exact name goes before names that only sound the same.
    """
    own = _alike(table.name, landed)
    if own is not None:
        return own
    for reading in table.nested:
        outer = next(filter(None, (_alike(name, landed) for name in reading.tables)), None)
        starts = {spelling(name) for name in reading.starts_of(reading.record)}
        if outer is not None and starts & {spelling(column) for column in landed[outer]}:
            return outer
    return next(filter(None, (_alike(name, landed) for name in table.also_tables)), None)


def read_names(table: DeclaredTable, landed: Mapping[str, Iterable[str]]) -> list[str]:
    """The landed tables that a declared one is read from: its own, and those of the lists that hold its records."""
    name = landed_name(table, landed)
    if name is None:
        return []
    outer = [each for each in table.nested if spelling(name) in {spelling(other) for other in each.tables}]
    return [name, *(child for reading in outer for child in reading.child_tables(name, landed))]


def _alike(name: str, landed: Iterable[str]) -> str | None:
    alike = sorted(other for other in landed if spelling(other) == spelling(name))
    return name if name in alike else next(iter(alike), None)


def mapped_columns(table: DeclaredTable, landed: Iterable[str], variables: ModelVariables) -> dict[str, str]:
    """The landed column that each declared column is read from; those that have none are left out."""
    landed = list(landed)
    by_spelling: dict[str, str] = {}
    for column in landed:
        by_spelling.setdefault(spelling(column), column)
    mapped: dict[str, str] = {}
    for column in table.columns:
        found = (
            name if name in landed else by_spelling.get(spelling(name)) for name in table.names_of(column, variables)
        )
        if (name := next(filter(None, found), None)) is not None:
            mapped[column] = name
    return mapped


def unmapped_columns(table: DeclaredTable, landed: Iterable[str], variables: ModelVariables) -> list[str]:
    """The landed columns of a table that neither a declared nor a custom column is read from, sorted."""
    landed = list(landed)
    there = {spelling(column) for column in landed}
    renamed = variables.raw_column_names.get(table.system, {}).get(table.name, {})
    mapped = {spelling(name) for name in variables.custom_names(table.system, table.name)}
    for column in table.columns:
        names = [spelling(name) for name in table.names_of(column, variables)]
        # Where the administrator's name is there, the column's own name is another column.
        mapped.update(names[:1] if column in renamed and names[0] in there else names)
    return sorted(column for column in landed if spelling(column) not in mapped)


def _declared(system: str, table: Mapping[str, Any]) -> DeclaredTable:
    required: list[str] = []
    also: dict[str, list[str]] = {}
    columns = table.get("columns", [])
    for column in columns:
        meta = _meta(column)
        if meta.get("required"):
            required.append(str(column["name"]))
        if meta.get("also"):
            also[str(column["name"])] = [str(name) for name in meta["also"]]
    return DeclaredTable(
        system=system,
        name=str(table["name"]),
        needs_rows=bool(_meta(table).get("required_rows")),
        required_columns=required,
        also=also,
        columns=[str(column["name"]) for column in columns],
        also_tables=[str(name) for name in _meta(table).get("also", [])],
        nested=[
            NestedReading(reading["tables"], reading["record"], reading["columns"])
            for reading in _meta(table).get("nested", [])
        ],
        history_column=_meta(table).get("history_column"),
    )


def _meta(item: Mapping[str, Any]) -> dict[str, Any]:
    return dict((item.get("config") or {}).get("meta") or {})
