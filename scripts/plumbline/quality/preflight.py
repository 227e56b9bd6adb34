"""Check the raw tables before anything is built, and say in one message what is missing and how to mend it.

What is required stands in `models/staging/<system>/_<system>__sources.yml`. A column counts as present the
way the staging models find it (`plumbline.quality.raw`). A system whose schema is absent altogether is
not connected, which is fine and reported.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from plumbline.project.errors import RawDataError, SettingsError
from plumbline.project.settings import ModelVariables, RawInstance
from plumbline.quality.landed import LandedSchemas, landed_schemas
from plumbline.quality.names import (
    custom_columns_of_nobody,
    overlooked_schemas,
    renames_without_effect,
    require_known_columns,
)
from plumbline.quality.raw import DeclaredTable, landed_name, mapped_columns, spelling
from plumbline.quality.raw_folder import open_folder


@dataclass(frozen=True)
class Finding:
    """One thing that is missing, and how to mend it."""

    what: str
    mending: str


@dataclass(frozen=True)
class Connection:
    """Whether an instance of a system is in the raw data."""

    system: str
    instance: str
    schema: str
    is_connected: bool
    tables: int = 0


@dataclass(frozen=True)
class Preflight:
    """What the check saw."""

    connections: list[Connection]
    landed: LandedSchemas = field(default_factory=dict)

    @property
    def not_connected(self) -> list[str]:
        """Systems of which no instance is in the raw data."""
        connected = {connection.system for connection in self.connections if connection.is_connected}
        return sorted({connection.system for connection in self.connections} - connected)


LandedTables = dict[str, list[str]]
"""The columns of each landed table of a schema, by the table's own name."""


def check_raw(root: Path, raw: Path, declared: list[DeclaredTable], variables: ModelVariables) -> Preflight:
    """Check a raw file or folder against the declarations; raise RawDataError that lists everything that is missing."""
    require_known_columns(declared, variables)
    systems = {table.system for table in declared}
    for system in variables.raw_instances:
        if systems and system not in systems:
            close = difflib.get_close_matches(system, sorted(systems), n=1)
            raise SettingsError(
                f"plumbline.yml: setting 'models.raw_instances' names the unknown system '{system}'",
                f"Did you mean '{close[0]}'?" if close else f"Known systems: {', '.join(sorted(systems))}.",
            )
    landed, preflight, findings = (_in_folder if raw.is_dir() else _in_file)(root, raw, declared, variables)
    if findings:
        raise RawDataError(
            f"raw data {raw}: " + _listed([finding.what for finding in findings]),
            "\n".join(dict.fromkeys(finding.mending for finding in findings)),
        )
    if not any(connection.is_connected for connection in preflight.connections):
        wanted = ", ".join(f"{item.schema} ({item.system})" for item in preflight.connections) or "none configured"
        raise RawDataError(
            f"raw data {raw}: no system is connected: none of the schemas {wanted} is there",
            f"Schemas that are there: {', '.join(sorted(landed)) or 'none'}. Name them in plumbline.yml under "
            "models: raw_instances, or load the raw tables into the schemas named above.",
        )
    return preflight


def _in_file(
    root: Path, raw: Path, declared: list[DeclaredTable], variables: ModelVariables
) -> tuple[dict[str, LandedTables], Preflight, list[Finding]]:
    try:
        with duckdb.connect(str(raw), read_only=True) as connection:
            _require_whole(raw, connection)
            landed = _landed(connection)
            return landed, *_check(connection, landed, declared, variables)
    except duckdb.Error as error:
        raise _unreadable(raw, error) from error


def _in_folder(
    root: Path, raw: Path, declared: list[DeclaredTable], variables: ModelVariables
) -> tuple[dict[str, LandedTables], Preflight, list[Finding]]:
    opened = open_folder(root, raw, variables.raw_schemas)
    with opened.connection as connection:
        landed = _landed(connection)
        if opened.problems:
            # What is missing may be in the files that cannot be read: these come first.
            return landed, Preflight([]), [Finding(problem.what, problem.mending) for problem in opened.problems]
        for schema, names in opened.empty_tables.items():
            landed.setdefault(schema, {}).update({name: [] for name in names})
        for schema, names in opened.unnamed_tables.items():
            landed[schema] = {name: [] for name in names}
        unknown = list(_folders_without_a_known_table(raw, landed, declared, variables))
        preflight, findings = _check(connection, landed, declared, variables)
    return landed, preflight, unknown or findings


def _folders_without_a_known_table(
    raw: Path, landed: dict[str, LandedTables], declared: list[DeclaredTable], variables: ModelVariables
) -> Iterator[Finding]:
    folders = {path.name.lower(): path for path in raw.iterdir() if path.is_dir()}
    for system, instances in variables.raw_instances.items():
        known = {spelling(table.name): table.name for table in declared if table.system == system}
        for instance in instances:
            folder = folders.get(instance.schema_name.lower())
            found = sorted(landed.get(folder.name, {})) if folder is not None else []
            if folder is not None and known and not any(spelling(name) in known for name in found):
                yield Finding(
                    f"{system}: the folder {folder} holds no table that is known; found: {', '.join(found) or 'none'}",
                    f"Name files or folders as the tables: {', '.join(sorted(known.values())[:5])} …; files end in "
                    ".parquet, .csv, .csv.gz, .jsonl, .ndjson, .jsonl.gz or .ndjson.gz.",
                )


def _listed(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{len(texts)} problems\n" + "\n".join(f"- {text}" for text in texts)


def _landed(connection: duckdb.DuckDBPyConnection) -> dict[str, LandedTables]:
    landed: dict[str, LandedTables] = {}
    rows = connection.execute(
        "select table_schema, table_name, column_name from information_schema.columns "
        "where table_catalog = current_database() order by 1, 2, ordinal_position"
    ).fetchall()
    for schema, table, column in rows:
        landed.setdefault(str(schema), {}).setdefault(str(table), []).append(str(column))
    return landed


def _check(
    connection: duckdb.DuckDBPyConnection,
    landed: dict[str, LandedTables],
    declared: list[DeclaredTable],
    variables: ModelVariables,
) -> tuple[Preflight, list[Finding]]:
    connections: list[Connection] = []
    findings: list[Finding] = []
    schemas = {name.lower(): name for name in landed}
    for system, instances in variables.raw_instances.items():
        for instance in instances:
            if instance.database not in (None, variables.raw_database):
                continue
            schema = schemas.get(instance.schema_name.lower())
            tables = landed[schema] if schema is not None else {}
            connections.append(Connection(system, instance.name, instance.schema_name, schema is not None, len(tables)))
            if schema is not None:
                wanted = [table for table in declared if table.system == system]
                findings += _check_instance(connection, instance, schema, tables, wanted, variables)
    findings += _half_connected(connections, sorted(landed))
    findings += [Finding(*found) for found in renames_without_effect(landed, declared, variables)]
    findings += [Finding(*found) for found in overlooked_schemas(landed, declared, variables)]
    findings += [Finding(*found) for found in custom_columns_of_nobody(landed, variables)]
    seen = [] if findings else [item.schema for item in connections]
    return Preflight(connections, landed_schemas(connection, seen)), findings


def _half_connected(connections: list[Connection], schemas: list[str]) -> Iterator[Finding]:
    connected = {connection.system for connection in connections if connection.is_connected}
    for item in connections:
        if item.system in connected and not item.is_connected:
            yield Finding(
                f"{item.system}: schema '{item.schema}' of instance '{item.instance}' is not there, "
                "while another instance is",
                f"Load schema '{item.schema}', or remove instance '{item.instance}' from raw_instances in "
                f"plumbline.yml. Schemas that are there: {', '.join(schemas)}.",
            )


def _check_instance(
    connection: duckdb.DuckDBPyConnection,
    instance: RawInstance,
    schema: str,
    tables: LandedTables,
    declared: list[DeclaredTable],
    variables: ModelVariables,
) -> Iterator[Finding]:
    for table in declared:
        name = landed_name(table, tables)
        where = f"{table.system} (instance '{instance.name}'), table {schema}.{name or table.name}"
        if name is None:
            if table.needs_rows:
                close = difflib.get_close_matches(table.name, list(tables), n=1)
                hint = f" A table '{close[0]}' is there: rename it if that is the one." if close else ""
                yield Finding(
                    f"{where}: the required table is missing",
                    f"Have the loader sync {table.name} into schema '{schema}'.{hint}",
                )
            continue
        columns = tables[name]
        if not columns:  # a file without a line has no columns either
            if table.needs_rows:
                yield _empty(where, table)
            continue
        for column in _missing_columns(table, columns, variables):
            yield _missing_column(where, table, column, columns, variables)
        if table.needs_rows and _is_empty(connection, schema, name):
            yield _empty(where, table)


def _empty(where: str, table: DeclaredTable) -> Finding:
    return Finding(
        f"{where}: the required table is empty",
        f"Look at the loader's last sync of {table.name}; what is published stays until it has rows.",
    )


def _missing_columns(table: DeclaredTable, columns: list[str], variables: ModelVariables) -> Iterator[str]:
    mapped = mapped_columns(table, columns, variables)
    yield from (column for column in table.required_columns if column not in mapped)


def _missing_column(
    where: str, table: DeclaredTable, column: str, columns: list[str], variables: ModelVariables
) -> Finding:
    renamed = variables.raw_column_names.get(table.system, {}).get(table.name, {})
    also = f" (looked for as '{renamed[column]}' by raw_column_names)" if column in renamed else ""
    by_lower = {name.lower(): name for name in columns}
    close = difflib.get_close_matches(column.lower(), list(by_lower), n=1, cutoff=0.6)
    guess = by_lower[close[0]] if close else "<its name there>"
    return Finding(
        f"{where}: the required column '{column}' is missing{also}",
        f"Grant the loader's user the field and sync it; if it has another name, add to plumbline.yml: "
        f"models: raw_column_names: {{{table.system}: {{{table.name}: {{{column}: {guess}}}}}}}",
    )


def _require_whole(raw: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """A copy that was cut short may open and list its tables, and fail only when rows are read."""
    row = connection.execute(
        "select block_size * used_blocks from pragma_database_size() where database_name = current_database()"
    ).fetchone()
    size = raw.stat().st_size
    if row is not None and size < int(row[0]):
        raise RawDataError(
            f"raw data {raw} is damaged: it has {size:,} bytes where at least {int(row[0]):,} belong",
            "The file was cut short, perhaps by a copy that is not finished: have it written or copied anew.",
        )


def _is_empty(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    quoted = ".".join('"' + name.replace('"', '""') + '"' for name in (schema, table))
    return connection.execute(f"select 1 from {quoted} limit 1").fetchone() is None


def _unreadable(raw: Path, error: duckdb.Error) -> RawDataError:
    text = str(error)
    first = text.splitlines()[0]
    if "Could not set lock" in text or "Conflicting lock" in text:
        return RawDataError(
            f"raw data {raw} is open for writing in another process",
            "Wait for the loader to finish, then run again.",
        )
    if "Permission denied" in text:
        return RawDataError(f"raw data {raw} may not be read by this user", "Grant read access to the file.")
    if "not a valid DuckDB database file" in text:
        return RawDataError(
            f"raw data {raw} is not a DuckDB database, or is damaged at its start",
            "Point 'raw' to the DuckDB file that holds the raw tables, or have the loader write it anew.",
        )
    if "version number" in text:
        return RawDataError(
            f"raw data {raw} was written by another version of DuckDB: {first}",
            f"Write it with DuckDB {duckdb.__version__} or with storage_version 'v1.2.0'.",
        )
    return RawDataError(
        f"raw data {raw} cannot be read: {first}",
        "The file is damaged or cut short: have the loader write it anew.",
    )
