"""Read tables as data: their columns, keys, and a hash of content that no order of rows changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import duckdb

MARTS = "main"


@dataclass(frozen=True)
class Column:
    """A column's name and DuckDB type."""

    name: str
    type: str


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | Path) -> str:
    """A text as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"


def table_names(connection: duckdb.DuckDBPyConnection, database: str, schema: str = MARTS) -> list[str]:
    """All tables and views of a schema, by name."""
    rows = connection.execute(
        "select table_name from information_schema.tables where table_catalog = ? and table_schema = ? order by 1",
        [database, schema],
    ).fetchall()
    return [str(name) for (name,) in rows]


def schema_names(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    """All schemas of a database that hold a table or view."""
    rows = connection.execute(
        "select distinct table_schema from information_schema.tables where table_catalog = ? order by 1",
        [database],
    ).fetchall()
    return [str(name) for (name,) in rows]


def columns_of(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> list[Column]:
    """A mart's columns, in their order."""
    # The catalog's own views list every column of every database: that takes a hundred times as long.
    rows = connection.execute(f"describe {quoted(database)}.{MARTS}.{quoted(table)}").fetchall()
    return [Column(str(name), str(kind)) for name, kind, *_ in rows]


def sort_columns(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> list[str]:
    """The columns that put rows into one possible order: the primary key, or else all columns."""
    row = connection.execute(
        """
        select constraint_column_names from duckdb_constraints()
        where database_name = ? and schema_name = ? and table_name = ? and constraint_type = 'PRIMARY KEY'
        """,
        [database, MARTS, table],
    ).fetchone()
    if row:
        return [str(name) for name in row[0]]
    return [column.name for column in columns_of(connection, database, table)]


def content_hash(connection: duckdb.DuckDBPyConnection, relation: str, columns: list[Column]) -> tuple[int, str]:
    """Row count and content hash of a relation: equal for equal rows, whatever their order.

    Each row is spelled with the length of every value before it, so that no two rows share a spelling.
    """
    spelled = ", ".join(
        f"coalesce(length(cast({quoted(column.name)} as varchar)) || ':' "
        f"|| cast({quoted(column.name)} as varchar), '-')"
        for column in columns
    )
    # A sum of 64-bit numbers in 128 bits: no order, no overflow, and a doubled row does not cancel out.
    row = connection.execute(
        f"select count(*), coalesce(sum(cast(md5_number_lower(concat({spelled})) as hugeint)), 0) from {relation}"
    ).fetchone()
    assert row is not None
    heading = ",".join(f"{column.name} {column.type}" for column in columns)
    digest = hashlib.sha256(f"{heading}|{row[0]}|{row[1]}".encode()).hexdigest()
    return int(row[0]), digest


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
