"""The same raw tables in every form that people have them: a DuckDB file, schemas of a database, folders of files."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

FORMATS = {
    "parquet": "format parquet",
    "csv": "format csv, header",
    "csv.gz": "format csv, header, compression gzip",
    "jsonl": "format json",
    "ndjson.gz": "format json, compression gzip",
}


def into_database(raw: Path, database: Path, schemas: Collection[str], seed: int = 0) -> Path:
    """Raw schemas in another database file, which may hold more; with a seed the rows stand in another order."""
    with duckdb.connect(str(database)) as connection:
        for schema, table in _attach(connection, raw):
            if schema in schemas:
                connection.execute(f'create schema if not exists "{schema}"')
                connection.execute(f'create table "{schema}"."{table}" as {_rows(schema, table, seed)}')
    return database


def into_folder(raw: Path, folder: Path, formats: Mapping[str, str], seed: int = 0) -> Path:
    """A folder per schema with a file per table, in the format that is given for the schema or for the table alone.

    Tables whose name is longer than ten letters are folders of two files, as loaders write them.
    """
    with duckdb.connect(":memory:") as connection:
        for schema, table in _attach(connection, raw):
            ending = formats.get(f"{schema}.{table}", formats.get(schema, ""))
            if not ending:
                continue
            rows = _rows(schema, table, seed)
            if len(table) <= 10:
                _copy(connection, rows, folder / schema / f"{table}.{ending}", ending)
                continue
            for part in (0, 1):
                numbered = f"select *, row_number() over () % 2 as half from ({rows})"
                half = f"select * exclude (half) from ({numbered}) where half = {part}"
                _copy(connection, half, folder / schema / table / f"part-{part}.{ending}", ending)
    return folder


def _copy(connection: duckdb.DuckDBPyConnection, query: str, file: Path, ending: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f"copy ({query}) to '{file}' ({FORMATS[ending]})")


def _attach(connection: duckdb.DuckDBPyConnection, raw: Path) -> list[tuple[str, str]]:
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(f"attach '{raw}' as original (read_only)")
    return connection.execute(
        "select table_schema, table_name from information_schema.tables where table_catalog = 'original' order by all"
    ).fetchall()


def _rows(schema: str, table: str, seed: int) -> str:
    order = f" order by hash(rowid + {seed})" if seed else ""
    return f'select * from original."{schema}"."{table}"{order}'
