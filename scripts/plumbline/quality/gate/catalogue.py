"""What a candidate and the published version hold: tables, columns, rows, and which instances they come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

CANDIDATE, PUBLISHED, MARTS = "candidate", "published", "main"
RECONCILIATION = "fct_source_reconciliation"
_INSTANCE = ("source_system", "source_instance")
_ROW_COUNTS = "__row_counts"

Columns = dict[tuple[str, str], dict[str, bool]]
"""Whether each column may be NULL, by schema and table."""
Instance = tuple[str, str]
"""A system and the name of an instance of it."""


@dataclass(frozen=True)
class Catalogue:
    """The columns of the candidate and of the published version, with what they were made from."""

    candidate: Columns
    published: Columns
    empty: frozenset[tuple[str, str]] = frozenset()
    """Marts of the candidate without any row."""
    published_rows: dict[str, int] = field(default_factory=dict)
    raw_tables: list[tuple[str, str, str]] = field(default_factory=list)
    loaded_tables: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Raw tables with a load time: the model that counts them, system, instance, table."""
    published_instances: list[Instance] = field(default_factory=list)

    @property
    def instances(self) -> list[Instance]:
        """The instances that the candidate was read from."""
        return sorted({(system, instance) for system, instance, _ in self.raw_tables})


def read_catalogue(database: Path, published: Path | None) -> Catalogue:
    """Look at a candidate and at the published version that it would replace."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach {literal(database)} as {CANDIDATE} (read_only)")
        candidate = _columns(connection, CANDIDATE)
        before: Columns = {}
        rows: dict[str, int] = {}
        if published is not None:
            connection.execute(f"attach {literal(published)} as {PUBLISHED} (read_only)")
            before = _columns(connection, PUBLISHED)
            for schema, table in before:
                rows[table] = _count(connection, PUBLISHED, schema, table)
        return Catalogue(
            candidate,
            before,
            frozenset(name for name in candidate if name[0] == MARTS and not _count(connection, CANDIDATE, *name)),
            rows,
            [
                (system, instance, table)
                for system, instance, table in _reconciled(connection, candidate, CANDIDATE, "source_table")
            ],
            list(_loaded_tables(connection, candidate)),
            [(system, instance) for system, instance in _reconciled(connection, before, PUBLISHED)],
        )


def _count(connection: duckdb.DuckDBPyConnection, database: str, schema: str, table: str) -> int:
    found = connection.execute(f'select count(*) from {database}."{schema}"."{table}"').fetchone()
    return int(found[0]) if found else 0


def _columns(connection: duckdb.DuckDBPyConnection, database: str) -> Columns:
    found: Columns = {}
    rows = connection.execute(
        "select schema_name, table_name, column_name, is_nullable from duckdb_columns() "
        "where database_name = ? and not internal order by schema_name, table_name, column_index",
        [database],
    )
    for schema, table, column, is_nullable in rows.fetchall():
        found.setdefault((str(schema), str(table)), {})[str(column)] = bool(is_nullable)
    return found


def _reconciled(
    connection: duckdb.DuckDBPyConnection, columns: Columns, database: str, *more: str
) -> list[tuple[str, ...]]:
    """The instances of which rows are accounted for, or their tables; none where there is no such mart."""
    wanted = (*_INSTANCE, *more)
    if not set(wanted) <= set(columns.get((MARTS, RECONCILIATION), {})):
        return []
    query = f"select distinct {', '.join(wanted)} from {database}.{MARTS}.{RECONCILIATION} order by all"
    return [tuple(str(part) for part in row) for row in connection.execute(query).fetchall()]


def _loaded_tables(connection: duckdb.DuckDBPyConnection, columns: Columns) -> Iterator[tuple[str, str, str, str]]:
    for (schema, model), names in columns.items():
        if model.endswith(_ROW_COUNTS) and "newest_loaded_at" in names:
            query = (
                f"select distinct {', '.join(_INSTANCE)}, source_table from {relation(f'{schema}.{model}')} "
                "where newest_loaded_at is not null order by all"
            )
            for system, instance, table in connection.execute(query).fetchall():
                yield f"{schema}.{model}", str(system), str(instance), str(table)


def parts_of(table: str) -> tuple[str, str]:
    """Schema and name of a table as suites write it."""
    schema, _, name = table.rpartition(".")
    return schema or MARTS, name


def relation(table: str, database: str = CANDIDATE) -> str:
    """A table as SQL."""
    schema, name = parts_of(table)
    return f'{database}."{schema}"."{name}"'


def literal(text: str | Path) -> str:
    """A text as SQL."""
    return "'" + str(text).replace("'", "''") + "'"
