"""Look at the raw tables and say, system by system, what is there, what is missing, what changed and what to do.

Whether the night would refuse is not judged here a second time: its own check says so (`plumbline.quality.preflight`).
Nothing is written, neither to the raw data nor to the project.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import duckdb

from plumbline.project.errors import PlumblineError, exit_code_of
from plumbline.project.settings import ModelVariables, RawInstance
from plumbline.quality.diagnosis import Diagnosis, InstanceState, MissingColumn, Problem, TableState, UnreadTable
from plumbline.quality.landed import LandedTable, RawSnapshot, changes_of, landed_schemas, quoted
from plumbline.quality.preflight import check_raw
from plumbline.quality.raw import (
    DeclaredTable,
    declared_tables,
    landed_name,
    mapped_columns,
    read_names,
    spelling,
    unmapped_columns,
)
from plumbline.quality.raw_folder import open_folder

LOADERS = {
    "_fivetran_synced": "Fivetran",
    "_airbyte_extracted_at": "Airbyte",
    "_airbyte_emitted_at": "Airbyte (before version 2)",
    "_dlt_load_id": "dlt",
    "_sdc_batched_at": "Stitch",
}
"""The column by which a loader's tables are known; the first that is there counts."""
_OF_LOADERS = ("_fivetran_", "_airbyte_", "_dlt_", "_sdc_")
LOADED_AT = "_fivetran_synced"
VERSION_STARTED = "_fivetran_start"
# A wrong guess about a column that nobody misses costs more than none.
_NEAR = 0.8
_NEAR_REQUIRED = 0.6


@dataclass(frozen=True)
class _Knowledge:
    """What the raw data is looked at with."""

    now: datetime
    variables: ModelVariables
    before: RawSnapshot | None


@dataclass(frozen=True)
class _Schema:
    """The tables of one instance, now and as the last night saw them."""

    connection: duckdb.DuckDBPyConnection
    name: str
    tables: dict[str, LandedTable]
    before: dict[str, LandedTable] | None

    def changes(self, table: str) -> list[str]:
        """What differs in a table from the last night, if there was one."""
        if self.before is None:
            return []
        return changes_of(self.before[table], self.tables[table]) if table in self.before else ["the table is new"]


def diagnose(
    root: Path, find_raw: Callable[[], Path | None], variables: ModelVariables, before: RawSnapshot | None
) -> Diagnosis:
    """Everything there is to say about the raw data of a project; `before` is what the last night kept.

    `find_raw` says where the raw data is, or gives nothing where the night would make the sample company.
    """
    now = datetime.now(UTC)
    raw: Path | None = None
    refusal: PlumblineError | None = None
    instances: list[InstanceState] = []
    try:
        raw = find_raw()
        if raw is not None:
            instances = _look_at(root, raw, declared_tables(root), _Knowledge(now, variables, before))
            check_raw(root, raw, declared_tables(root), variables)
    except PlumblineError as error:
        refusal = error
    return Diagnosis(
        raw=None if raw is None else str(raw),
        looked_at=_text(now),
        compared_with=None if before is None else before.run_id,
        instances=instances,
        problem=None if refusal is None else Problem(what=refusal.what, mending=refusal.mending),
        verdict=_verdict(raw, refusal),
        exit_code=0 if refusal is None else exit_code_of(refusal),
    )


def _verdict(raw: Path | None, refusal: PlumblineError | None) -> str:
    if refusal is not None:
        return "Not ready: the night would refuse to build."
    if raw is None:
        return "Ready: no raw data is configured, so the night would make the sample company."
    return "Ready: the night would build from these raw tables."


def _look_at(root: Path, raw: Path, declared: list[DeclaredTable], known: _Knowledge) -> list[InstanceState]:
    """What is there; nothing where the raw data cannot be read, which the night's check explains."""
    try:
        with _opened(root, raw, known.variables) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute("set temp_directory = ''")
            return list(_instances(connection, declared, known))
    except duckdb.Error:
        return []


def _opened(root: Path, raw: Path, variables: ModelVariables) -> duckdb.DuckDBPyConnection:
    if raw.is_dir():
        return open_folder(root, raw, variables.raw_schemas).connection
    return duckdb.connect(str(raw), read_only=True)


def _instances(
    connection: duckdb.DuckDBPyConnection, declared: list[DeclaredTable], known: _Knowledge
) -> Iterator[InstanceState]:
    variables = known.variables
    all_instances = [(system, item) for system, items in variables.raw_instances.items() for item in items]
    landed = landed_schemas(connection, [item.schema_name for _, item in all_instances])
    by_lower = {schema.lower(): schema for schema in landed}
    for system, instance in all_instances:
        if instance.database not in (None, variables.raw_database):
            yield _unseen(system, instance, f"{instance.database}.{instance.schema_name}", "elsewhere")
            continue
        schema = by_lower.get(instance.schema_name.lower())
        if schema is None:
            yield _unseen(system, instance, instance.schema_name, "not connected")
            continue
        raw = _Schema(connection, schema, landed[schema], _before(known, schema))
        wanted = [table for table in declared if table.system == system]
        columns = {name: landed.columns for name, landed in raw.tables.items()}
        read = {name for table in wanted for name in read_names(table, columns)}
        yield _instance(system, instance, raw, _shared([_table(raw, table, known) for table in wanted]), read)


def _shared(tables: list[TableState]) -> list[TableState]:
    """Where several tables are read from one landed table, only what none of them reads is unknown: said once."""
    unknown: dict[str | None, set[str]] = {}
    for table in tables:
        unknown[table.landed_as] = unknown.get(table.landed_as, set(table.unknown)) & set(table.unknown)
    told: list[TableState] = []
    for table in tables:
        of_nobody = unknown.get(table.landed_as, set())
        told.append(table.model_copy(update={"unknown": [name for name in table.unknown if name in of_nobody]}))
        unknown[table.landed_as] = set()
    return told


def _before(known: _Knowledge, schema: str) -> dict[str, LandedTable] | None:
    return None if known.before is None else known.before.schemas.get(schema, {})


def _unseen(
    system: str, instance: RawInstance, location: str, status: Literal["elsewhere", "not connected"]
) -> InstanceState:
    return InstanceState(system=system, instance=instance.name, location=location, status=status)


def _instance(
    system: str, instance: RawInstance, raw: _Schema, tables: list[TableState], read: set[str]
) -> InstanceState:
    absent = [table.table for table in tables if table.landed_as is None]
    return InstanceState(
        system=system,
        instance=instance.name,
        location=raw.name,
        status="connected",
        loader=_loader(raw.tables.values()),
        newest_load_at=max(filter(None, (table.newest_load_at for table in tables)), default=None),
        history_from={table.table: table.history_from for table in tables if table.history_from is not None},
        tables=tables,
        unread_tables=[
            UnreadTable(
                landed_as=name,
                rows=table.rows,
                did_you_mean=next(iter(difflib.get_close_matches(name.lower(), absent, n=1, cutoff=_NEAR)), None),
                changes=raw.changes(name),
            )
            for name, table in raw.tables.items()
            if name not in read and not name.lower().startswith(_OF_LOADERS)
        ],
        gone_tables=sorted(name for name in raw.before or {} if name not in raw.tables),
    )


def _table(raw: _Schema, table: DeclaredTable, known: _Knowledge) -> TableState:
    name = landed_name(table, {other: landed.columns for other, landed in raw.tables.items()})
    if name is None:
        return TableState(
            table=table.name,
            status="refused" if table.needs_rows else "absent",
            is_required=table.needs_rows,
            what_to_do=[f"Have the loader sync it into '{raw.name}'."] if table.needs_rows else [],
        )
    found = raw.tables[name]
    mapped = mapped_columns(table, found.columns, known.variables)
    unmapped = unmapped_columns(table, found.columns, known.variables)
    unknown = [column for column in unmapped if not column.lower().startswith(_OF_LOADERS)]
    missing = list(_missing(table, mapped, unknown))
    newest, first = _times(raw, name, table, mapped)
    is_refused = any(column.is_required for column in missing) or (table.needs_rows and found.rows == 0)
    return TableState(
        table=table.name,
        landed_as=name,
        status="refused" if is_refused else "empty" if found.rows == 0 else "ready",
        is_required=table.needs_rows,
        rows=found.rows,
        newest_load_at=None if newest is None else _text(newest),
        newest_load_age_hours=None if newest is None else max(0, int((known.now - newest).total_seconds() // 3600)),
        history_from=None if first is None else first.date().isoformat(),
        columns_mapped=mapped,
        missing=missing,
        unknown=unknown,
        changes=raw.changes(name),
        what_to_do=list(_what_to_do(table, found.rows, missing)),
    )


def _missing(table: DeclaredTable, mapped: dict[str, str], unknown: list[str]) -> Iterator[MissingColumn]:
    """Declared columns without a landed one. A loader's own columns are not missed: each loader has others."""
    free = list(unknown)
    for column in table.columns:
        if column in mapped or column.startswith(_OF_LOADERS):
            continue
        is_required = column in table.required_columns
        near = _near_column(column, free, _NEAR_REQUIRED if is_required else _NEAR)
        if near is not None:
            free.remove(near)
        yield MissingColumn(name=column, is_required=is_required, did_you_mean=near)


def _near_column(column: str, landed: Iterable[str], cutoff: float) -> str | None:
    """The landed column whose name is near, once the mark of a custom field is taken away, as loaders write it."""
    names = {spelling(re.sub(r"__?c$", "", name, flags=re.IGNORECASE)): name for name in landed}
    close = difflib.get_close_matches(spelling(column), list(names), n=1, cutoff=cutoff)
    return names[close[0]] if close else None


def _what_to_do(table: DeclaredTable, rows: int, missing: list[MissingColumn]) -> Iterator[str]:
    if table.needs_rows and rows == 0:
        yield f"It has no rows: look at the loader's last sync of {table.name}."
    for column in missing:
        if column.did_you_mean is not None:
            yield (
                f"If '{column.did_you_mean}' is what '{column.name}' means, add to plumbline.yml: models: "
                f"raw_column_names: {{{table.system}: {{{table.name}: {{{column.name}: {column.did_you_mean}}}}}}}"
            )
        elif column.is_required:
            yield f"Grant the loader's user the field '{column.name}' and sync it."


def _times(
    raw: _Schema, name: str, table: DeclaredTable, mapped: dict[str, str]
) -> tuple[datetime | None, datetime | None]:
    """The newest load time, and the first moment of which the table holds history."""
    newest = f"max({_moment(mapped[LOADED_AT])})" if LOADED_AT in mapped else _newest_load_of_dlt(raw, name)
    starts = [mapped[column] for column in (table.history_column, VERSION_STARTED) if column in mapped]
    first = f"min(least({', '.join(_moment(column) for column in starts)}))" if starts else "null"
    row = raw.connection.execute(f"select {newest}, {first} from {quoted(raw.name, name)}").fetchone()
    moments = [value.replace(tzinfo=UTC) if value is not None else None for value in row or (None, None)]
    return moments[0], moments[1]


def _newest_load_of_dlt(raw: _Schema, name: str) -> str:
    """dlt writes no load time beside its rows: each has the id of its load, and a table of loads says when that was."""
    loads = raw.tables.get("_dlt_loads")
    if loads is None or "inserted_at" not in loads.columns or "_dlt_load_id" not in raw.tables[name].columns:
        return "null"
    ids = f"select _dlt_load_id from {quoted(raw.name, name)}"
    return f"(select max({_moment('inserted_at')}) from {quoted(raw.name, '_dlt_loads')} where load_id in ({ids}))"


def _moment(column: str) -> str:
    """A column as UTC time, whatever type it landed in; NULL for what is no time of our era."""
    parsed = f"try_cast(cast({quoted(column)} as varchar) as timestamptz)"
    return f"case when {parsed} between '1900-01-01' and '9000-01-01' then timezone('UTC', {parsed}) end"


def _loader(tables: Iterable[LandedTable]) -> str | None:
    columns = {column.lower() for table in tables for column in table.columns}
    name = next((name for column, name in LOADERS.items() if column in columns), None)
    return f"{name}, history mode" if name is not None and VERSION_STARTED in columns else name


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
