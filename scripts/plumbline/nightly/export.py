"""Write the marts, and nothing else, to a database file that older clients open, and to Parquet beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from plumbline.nightly.tables import (
    MARTS,
    Column,
    columns_of,
    content_hash,
    file_hash,
    literal,
    quoted,
    sort_columns,
    table_names,
)
from plumbline.project.errors import BuildError
from plumbline.project.paths import DATABASE_NAME

STORAGE_VERSION = "v1.2.0"
PARQUET = "parquet"
OnStep = Callable[[str], None]


@dataclass(frozen=True)
class ExportedTable:
    """What was written of one table."""

    name: str
    columns: list[Column]
    rows: int
    content_hash: str
    parquet_bytes: int
    parquet_sha256: str


@dataclass(frozen=True)
class Descriptions:
    """What dbt's YAML says about tables and their columns; it travels with the published file."""

    tables: dict[str, str]
    columns: dict[str, dict[str, str]]

    def with_all(self, others: Descriptions) -> Descriptions:
        """These and the others."""
        return Descriptions(self.tables | others.tables, self.columns | others.columns)


def export_marts(
    work_file: Path,
    folder: Path,
    spill: Path,
    descriptions: Descriptions,
    on_step: OnStep,
    threads: int | None = None,
) -> list[ExportedTable]:
    """Write `marts.duckdb` and `parquet/` into a folder. The work file is only read.

    The Parquet bytes depend on the rows alone, not on their order nor on the number of `threads`.
    """
    parquet = folder / PARQUET
    parquet.mkdir()
    with duckdb.connect(":memory:") as connection, ThreadPoolExecutor(1) as beside:
        connection.execute("set global TimeZone = 'UTC'")
        # Tables are written sorted once; Parquet follows their order.
        connection.execute("set preserve_insertion_order = true")
        connection.execute(f"set temp_directory = {literal(spill)}")
        if threads is not None:
            connection.execute(f"set threads = {threads}")
        connection.execute(f"attach {literal(work_file)} as work (read_only)")
        names = table_names(connection, "work")
        if not names:
            raise BuildError(
                f"schema '{MARTS}' of the work file holds no table: there is nothing to publish",
                "Models under models/marts must build into that schema; see dbt_project.yml.",
            )
        database = folder / DATABASE_NAME
        connection.execute(f"attach {literal(database)} as published (storage_version '{STORAGE_VERSION}')")
        copies = []
        try:
            for name in names:
                columns = _write_table(connection, name, descriptions)
                # One connection alone writes the database file; what stands in it can be read meanwhile.
                copies.append(beside.submit(_copy_table, connection.cursor(), name, columns, parquet))
                on_step(f"table {name}")
            exported = [copy.result() for copy in copies]
        except BaseException:
            beside.shutdown(cancel_futures=True)
            raise
        connection.execute("checkpoint published")
        connection.execute("detach published")
    return exported


def _write_table(connection: duckdb.DuckDBPyConnection, name: str, descriptions: Descriptions) -> list[Column]:
    # 128-bit integers would be doubles in Parquet; as decimals they keep every digit.
    selected = ", ".join(
        f"cast({quoted(column.name)} as decimal(38, 0)) as {quoted(column.name)}"
        if column.type in ("HUGEINT", "UHUGEINT")
        else quoted(column.name)
        for column in columns_of(connection, "work", name)
    )
    # A total order: the same rows give the same bytes.
    order = ", ".join(f"{quoted(column)} nulls last" for column in sort_columns(connection, "work", name))
    target = f"published.{MARTS}.{quoted(name)}"
    connection.execute("begin")
    connection.execute(f"create table {target} as select {selected} from work.{MARTS}.{quoted(name)} order by {order}")
    columns = columns_of(connection, "published", name)
    _comment(connection, name, columns, descriptions)
    connection.execute("commit")
    return columns


def _copy_table(
    connection: duckdb.DuckDBPyConnection, name: str, columns: list[Column], parquet: Path
) -> ExportedTable:
    target = f"published.{MARTS}.{quoted(name)}"
    listed = ", ".join(quoted(column.name) for column in columns)
    path = parquet / f"{name}.parquet"
    connection.execute(
        f"copy (select {listed} from {target}) to {literal(path)} "
        f"(format parquet, compression zstd, row_group_size 122880)"
    )
    rows, digest = content_hash(connection, target, columns)
    return ExportedTable(name, columns, rows, digest, path.stat().st_size, file_hash(path))


def _comment(
    connection: duckdb.DuckDBPyConnection, name: str, columns: list[Column], descriptions: Descriptions
) -> None:
    target = f"published.{MARTS}.{quoted(name)}"
    if text := descriptions.tables.get(name):
        connection.execute(f"comment on table {target} is {literal(text)}")
    known = {column.name for column in columns}
    for column, text in descriptions.columns.get(name, {}).items():
        if column in known:
            connection.execute(f"comment on column {target}.{quoted(column)} is {literal(text)}")


def read_descriptions(dbt_manifest: Path) -> Descriptions:
    """The descriptions of the marts in dbt's manifest; none where there is no manifest."""
    try:
        nodes = json.loads(dbt_manifest.read_text(encoding="utf-8"))["nodes"].values()
    except (OSError, ValueError, KeyError):
        return Descriptions({}, {})
    tables: dict[str, str] = {}
    columns: dict[str, dict[str, str]] = {}
    for node in nodes:
        if node.get("resource_type") != "model" or node.get("schema") != MARTS:
            continue
        name = str(node.get("alias") or node["name"])
        if node.get("description"):
            tables[name] = str(node["description"]).strip()
        columns[name] = {
            str(column["name"]): str(column["description"]).strip()
            for column in node.get("columns", {}).values()
            if column.get("description")
        }
    return Descriptions(tables, columns)
