"""Names in the settings that would be passed over in silence: of columns, and of schemas."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping

from plumbline.project.errors import SettingsError
from plumbline.project.settings import ModelVariables
from plumbline.quality.raw import DeclaredTable, spelling

# An unrelated schema may well have an `account`; three tables of the same system are no accident.
_ALIKE = 3
Landed = Mapping[str, Mapping[str, list[str]]]
"""Columns by table by schema."""


def require_known_columns(declared: list[DeclaredTable], variables: ModelVariables) -> None:
    """Refuse a system, table or column of ours under `raw_column_names` that no sources file declares."""
    by_system: dict[str, dict[str, list[str]]] = {}
    for table in declared:
        by_system.setdefault(table.system, {})[table.name] = table.columns
    for system, tables in variables.raw_column_names.items():
        _require("system", system, by_system, "")
        for table_name, columns in tables.items():
            _require("table", table_name, by_system[system], f"{system}.")
            for column in columns:
                _require("column", column, by_system[system][table_name], f"{system}.{table_name}.")


def _require(kind: str, name: str, known: Iterable[str], before: str) -> None:
    if name in known:
        return
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    raise SettingsError(
        f"plumbline.yml: setting 'models.raw_column_names' names the unknown {kind} '{before}{name}'",
        (f"Did you mean '{close[0]}'? " if close else "")
        + "Our names stand in models/staging/<system>/_<system>__sources.yml.",
    )


def renames_without_effect(
    landed: Landed, declared: list[DeclaredTable], variables: ModelVariables
) -> Iterator[tuple[str, str]]:
    """Columns of theirs under `raw_column_names` that no instance has: what is wrong, and its mending."""
    for table in declared:
        renamed = variables.raw_column_names.get(table.system, {}).get(table.name, {})
        schemas = {item.schema_name.lower() for item in variables.raw_instances.get(table.system, [])}
        columns = {
            spelling(column): column
            for schema, tables in landed.items()
            for name, names in tables.items()
            for column in names
            if schema.lower() in schemas and spelling(name) == spelling(table.name)
        }
        for ours, theirs in renamed.items():
            if columns and spelling(theirs) not in columns:
                close = difflib.get_close_matches(spelling(theirs), list(columns), n=1, cutoff=0.6)
                yield (
                    f"{table.system}, table {table.name}: raw_column_names says that '{ours}' is called '{theirs}', "
                    "but no instance has such a column",
                    f"Correct raw_column_names in plumbline.yml, or remove '{ours}' from it."
                    + (f" Did you mean '{columns[close[0]]}'?" if close else ""),
                )


def custom_columns_of_nobody(landed: Landed, variables: ModelVariables) -> Iterator[tuple[str, str]]:
    """Custom columns that no instance has, misspelt or not synced. Where a table is absent, so are its columns."""
    for system, tables in variables.custom_columns.items():
        schemas = {item.schema_name.lower() for item in variables.raw_instances.get(system, [])}
        for table, columns in tables.items():
            found = {
                spelling(column): column
                for schema, landed_tables in landed.items()
                for name, names in landed_tables.items()
                for column in names
                if schema.lower() in schemas and spelling(name) == spelling(table)
            }
            for column in columns:
                if found and spelling(column.column) not in found:
                    close = difflib.get_close_matches(spelling(column.column), list(found), n=1)
                    yield (
                        f"{system}.{table}: the custom column '{column.column}' is not in the raw table",
                        (f"Did you mean '{found[close[0]]}'? " if close else "")
                        + "Correct 'models.custom_columns' in plumbline.yml, or have the column synced.",
                    )


def overlooked_schemas(
    landed: Landed, declared: list[DeclaredTable], variables: ModelVariables
) -> Iterator[tuple[str, str]]:
    """Systems that are not connected while a schema that nobody named holds their tables."""
    named = {item.schema_name.lower() for instances in variables.raw_instances.values() for item in instances}
    present = {schema.lower() for schema in landed}
    for system, instances in variables.raw_instances.items():
        if any(item.schema_name.lower() in present for item in instances):
            continue
        known = {spelling(table.name) for table in declared if table.system == system}
        for schema, tables in sorted(landed.items()):
            alike = sorted(name for name in tables if spelling(name) in known)
            if schema.lower() not in named and len(alike) >= _ALIKE:
                yield (
                    f"{system}: no schema named in raw_instances is there, but '{schema}' holds its tables "
                    f"({', '.join(alike[:_ALIKE])} …)",
                    "Name it in plumbline.yml: models: raw_instances: "
                    f"{{{system}: [{{name: main, schema: {schema}}}]}}; if it is no {system}, keep it in another file.",
                )
