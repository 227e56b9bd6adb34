"""No personal data in what is published: neither a column for it, nor planted values, nor an address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb

from plumbline.quality.checks.model import Project, Violation
from plumbline.quality.landed import quoted

PERSONAL = re.compile(
    r"(^|_)(e_?mail(_address)?|phone(_number)?|first_name|last_name|full_name|person_name|transcript|sentence)$"
)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_TABLES = (".duckdb", ".parquet")


def personal_columns(project: Project) -> Iterator[Violation]:
    """Columns of marts that are named after personal data."""
    for node in project.in_layer("marts"):
        for column in node["columns"].values():
            if PERSONAL.search(column["name"]) and not column["name"].startswith(("is_", "has_")):
                yield Violation(f"{node['name']}.{column['name']}", "is named after personal data")


def published_values(project: Project) -> Iterator[Violation]:
    """Planted personal values, or any e-mail address, in a file of a published version."""
    if project.published is None:
        return
    canaries = [value.lower() for value in project.published.canaries]
    for where, text in published_texts(project.published.folder):
        # The value itself is not shown: it is personal.
        if kinds := [number for number, value in enumerate(canaries) if value in text]:
            yield Violation(where, f"holds {len(kinds)} of the planted personal values")
        if ADDRESS.search(text):
            yield Violation(where, "holds an e-mail address")


def published_texts(folder: Path) -> Iterator[tuple[str, str]]:
    """All text in the files of a version: of tables the distinct values of each text column, in lower case."""
    with duckdb.connect(":memory:") as connection:
        for path in sorted(folder.rglob("*")):
            where = str(path.relative_to(folder))
            if path.suffix in _TABLES:
                yield from _columns(connection, path, where)
            elif path.is_file():
                yield where, path.read_text(encoding="utf-8", errors="replace").lower()


def _columns(connection: duckdb.DuckDBPyConnection, path: Path, where: str) -> Iterator[tuple[str, str]]:
    name = str(path).replace("'", "''")
    if path.suffix == ".parquet":
        connection.execute(f"create view {quoted(path.stem)} as from read_parquet('{name}')")
    else:
        connection.execute(f"attach '{name}' as published (read_only)")
    columns = connection.execute(
        "select database_name, schema_name, table_name, column_name from duckdb_columns() "
        "where not internal and data_type = 'VARCHAR' order by 1, 2, 3, column_index"
    ).fetchall()
    for database, schema, table, column in columns:
        text = connection.execute(
            f"select coalesce(string_agg(distinct lower({quoted(column)}), chr(10)), '') "
            f"from {quoted(database, schema, table)}"
        ).fetchone()
        yield f"{where}: {table}.{column}", str(text[0]) if text else ""
    connection.execute(f"drop view {quoted(path.stem)}" if path.suffix == ".parquet" else "detach published")
