"""The steps that dbt does not do, each run as a process of its own so that its memory is its own.

`scan` reads every raw column that a model reads, `copy` copies them, `check` runs the quality gate.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from plumbline.project.settings import ModelVariables, load_settings
from plumbline.quality.landed import quoted
from plumbline.quality.raw import DeclaredTable, declared_tables, landed_name, mapped_columns


@dataclass(frozen=True)
class UsedTable:
    """A raw table and those of its columns that models read."""

    schema: str
    name: str
    columns: list[str]


def used_tables(
    connection: duckdb.DuckDBPyConnection, declared: list[DeclaredTable], variables: ModelVariables
) -> Iterator[UsedTable]:
    """The declared raw tables that are there, by instance, in the database attached as `raw`."""
    landed: dict[str, dict[str, list[str]]] = {}
    rows = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where database_name = 'raw' "
        "order by schema_name, table_name, column_index"
    ).fetchall()
    for schema, table, column in rows:
        landed.setdefault(schema, {}).setdefault(table, []).append(column)
    for table in declared:
        for instance in variables.raw_instances.get(table.system, []):
            tables = landed.get(instance.schema_name, {})
            name = landed_name(table, tables)
            columns = list(mapped_columns(table, tables[name], variables).values()) if name else []
            if name and columns:
                yield UsedTable(instance.schema_name, name, columns)


def scan(connection: duckdb.DuckDBPyConnection, tables: list[UsedTable]) -> int:
    """Read every value of the used columns once; the number of rows."""
    rows = 0
    for table in tables:
        counts = ", ".join(f"count({quoted(column)})" for column in table.columns)
        found = connection.execute(f"select count(*), {counts} from raw.{quoted(table.schema, table.name)}").fetchone()
        assert found is not None
        rows += int(found[0])
    return rows


def copy(connection: duckdb.DuckDBPyConnection, tables: list[UsedTable]) -> None:
    """`create table as` of the used columns."""
    for table in tables:
        columns = ", ".join(quoted(column) for column in dict.fromkeys(table.columns))
        connection.execute(f"create schema if not exists {quoted(table.schema)}")
        connection.execute(
            f"create table {quoted(table.schema, table.name)} as "
            f"select {columns} from raw.{quoted(table.schema, table.name)}"
        )
    connection.execute("checkpoint")


def check(root: Path, database: Path) -> None:
    """Run all suites of the quality gate on a built database, without history."""
    from plumbline.quality.gate.evaluation import GreatExpectations
    from plumbline.quality.gate.gate import Case, judge
    from plumbline.quality.gate.history import History
    from plumbline.quality.gate.suites import load_suites

    settings = load_settings(root)
    with GreatExpectations() as evaluate:
        verdict = judge(
            load_suites(root / settings.quality.suites),
            Case(
                database,
                spill=database.parent / "spill",
                published=None,
                history=History([], [], settings.quality.history),
                moment=datetime.now(UTC),
                follows_clock=False,
            ),
            evaluate,
        )
    print(json.dumps(verdict.counts))


def main() -> None:
    """Run one step."""
    parser = argparse.ArgumentParser()
    parser.add_argument("step", choices=["scan", "copy", "check"])
    parser.add_argument("root", type=Path)
    parser.add_argument("source", type=Path)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    if arguments.step == "check":
        check(arguments.root, arguments.source)
        return
    connection = duckdb.connect(str(arguments.out or ":memory:"))
    connection.execute(f"attach '{str(arguments.source).replace(chr(39), chr(39) * 2)}' as raw (read_only)")
    settings = load_settings(arguments.root)
    tables = list(used_tables(connection, declared_tables(arguments.root), settings.models))
    if arguments.step == "scan":
        print(json.dumps({"rows": scan(connection, tables), "tables": len(tables)}))
    else:
        copy(connection, tables)


if __name__ == "__main__":
    main()
