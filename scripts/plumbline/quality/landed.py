"""What really lies in the raw data: schemas, tables, columns, rows. Everything here only reads.

The night keeps what it saw (`RawSnapshot`), so that `plumbline doctor` can tell what changed since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict, Field, ValidationError


class LandedTable(BaseModel):
    """A raw table as it landed."""

    model_config = ConfigDict(frozen=True)

    rows: int
    columns: dict[str, str] = Field(description="Type of each column, in their order.")


LandedSchemas = dict[str, dict[str, LandedTable]]
"""Landed tables by name, by schema."""


class RawSnapshot(BaseModel):
    """The shape of the raw data that a night published from."""

    model_config = ConfigDict(frozen=True)

    snapshot_version: int = 1
    run_id: str
    schemas: LandedSchemas


def quoted(*names: str) -> str:
    """Names as one SQL identifier."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def landed_schemas(connection: duckdb.DuckDBPyConnection, wanted: Iterable[str]) -> LandedSchemas:
    """All tables of the wanted schemas, whatever their case, in the database that is in use."""
    lower = sorted({name.lower() for name in wanted})
    rows = connection.execute(
        "select table_schema, table_name, column_name, data_type from information_schema.columns "
        "where table_catalog = current_database() and list_contains(?, lower(table_schema)) "
        "order by table_schema, table_name, ordinal_position",
        [lower],
    ).fetchall()
    columns: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, kind in rows:
        columns.setdefault((str(schema), str(table)), {})[str(column)] = str(kind)
    found: LandedSchemas = {}
    for (schema, table), types in columns.items():
        counted = connection.execute(f"select count(*) from {quoted(schema, table)}").fetchone()
        found.setdefault(schema, {})[table] = LandedTable(rows=int(counted[0]) if counted else 0, columns=types)
    return found


def read_snapshot(path: Path) -> RawSnapshot | None:
    """What the last night kept; none before the first, or where the file is not readable any more."""
    try:
        return RawSnapshot.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError):
        return None


def changes_of(before: LandedTable, now: LandedTable) -> list[str]:
    """What differs in a table: columns, types, rows."""
    changes = [f"column {name} is new" for name in now.columns if name not in before.columns]
    changes += [f"column {name} is gone" for name in before.columns if name not in now.columns]
    changes += [
        f"column {name}: {before.columns[name]} became {kind}"
        for name, kind in now.columns.items()
        if before.columns.get(name, kind) != kind
    ]
    if before.rows != now.rows:
        changes.append(f"{before.rows:,} to {now.rows:,} rows")
    return changes
