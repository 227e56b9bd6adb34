"""Small raw tables, one instance of a system for each way in which they can land.

A test module registers its instances while it is imported; the session stages each raw file once and all tests read
from there. Instances in one file are unioned, so that a column which landed in different types goes through text: what
is about a native type stands in a file of its own.

dbt compiles and DuckDB runs what it compiled, every model as a table: planning views over dozens of instances anew for
each model and test above them would take minutes. One file is built by dbt itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from support.compiled import run_compiled
from support.dbt import DbtRun, run_dbt

WIDE, LOADERS, TYPED, NOTHING, EVERYTHING = "wide", "loaders", "typed", "nothing", "everything"
"""The raw files: many instances; a company from each loader; one typed instance of a system; no table; every table."""


MakeTables = Callable[[duckdb.DuckDBPyConnection, Path], None]
"""Makes the tables of an instance in the schema in use; it may keep files in the folder."""


@dataclass(frozen=True)
class RawInstance:
    """An instance of a system in a raw file, with what makes its tables in its own schema: SQL or a function."""

    file: str
    system: str
    name: str
    tables: str | MakeTables


# Staging and what it counts, with the one data test that is about all of it.
SELECTION = [
    *("--select", "staging", "+int_source_row_outcomes", "+fct_rejected_values", "as_of"),
    *("assert_every_raw_row_is_staged_or_counted", "--indirect-selection", "empty"),
]

REGISTERED: dict[str, RawInstance] = {}
RENAMED: dict[str, dict[str, dict[str, str]]] = {"salesforce": {"opportunity": {"lead_source": "Quelle__c"}}}
"""Columns that an administrator renamed. The name is looked for in every instance."""
CUSTOM: dict[str, dict[str, list[dict[str, str]]]] = {
    "salesforce": {"opportunity": [{"column": "Review_Day__c", "name": "review_day", "type": "date"}]}
}
"""Columns of a user's own, looked for in every instance."""


def raw_instance(system: str, name: str, tables: str | MakeTables, file: str = WIDE) -> RawInstance:
    """Register an instance; `tables` makes its tables inside its schema."""
    assert name not in REGISTERED, name
    REGISTERED[name] = RawInstance(file, system, name, tables)
    return REGISTERED[name]


class Staged:
    """What staging made of the raw files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._built: dict[str, tuple[Path, DbtRun]] = {}
        self._opened: dict[str, duckdb.DuckDBPyConnection] = {}

    def _build(self, file: str) -> tuple[Path, DbtRun]:
        if file not in self._built:
            raw, database = self._folder / "raw.duckdb", self._folder / "marts.duckdb"
            raw.unlink(missing_ok=True)
            database.unlink(missing_ok=True)
            with duckdb.connect(str(raw)) as connection:
                for instance in REGISTERED.values():
                    if instance.file == file:
                        connection.execute(f'create schema "{instance.name}"; use "{instance.name}"')
                        if callable(instance.tables):
                            instance.tables(connection, self._folder)
                        else:
                            connection.execute(instance.tables)
            run = run_dbt(
                ["compile", "--exclude", "resource_type:unit_test"]
                if file == EVERYTHING
                else ["build" if file == NOTHING else "compile", *SELECTION],
                raw=raw,
                database=database,
                target_path=self._folder / "target",
                variables={"raw_instances": self._instances(), "raw_column_names": RENAMED, "custom_columns": CUSTOM},
            )
            kept = self._folder / file
            kept.mkdir()
            raw.rename(kept / "raw.duckdb")
            if database.exists():
                database.rename(kept / "marts.duckdb")
            self._built[file] = (kept, run)
            if file not in (NOTHING, EVERYTHING):
                run_compiled(run, kept / "raw.duckdb", kept / "marts.duckdb")
        return self._built[file]

    def _instances(self) -> dict[str, list[dict[str, str]]]:
        found: dict[str, list[dict[str, str]]] = {"salesforce": [], "marketo": [], "gong": []}
        for instance in REGISTERED.values():
            found[instance.system].append({"name": instance.name, "schema": instance.name})
        return found

    def run(self, file: str) -> DbtRun:
        """How the build of a raw file ended."""
        return self._build(file)[1]

    def query(self, file: str, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query over what was built, with its schemas `staging`, `intermediate` and `marts`."""
        with self.connect(file) as connection:
            return connection.execute(sql).fetchall()

    @contextmanager
    def connect(self, file: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """A reading connection to what was built, and to its raw file. Opening both takes long: they stay open."""
        folder, _ = self._build(file)
        if file not in self._opened:
            self._opened[file] = duckdb.connect(str(folder / "marts.duckdb"), read_only=True)
            self._opened[file].execute(f"attach '{folder / 'raw.duckdb'}' as raw (read_only)")
        with self._opened[file].cursor() as connection:
            connection.execute("set TimeZone = 'UTC'")
            yield connection

    def database(self, file: str) -> Path:
        """The file of what was built."""
        return self._build(file)[0] / "marts.duckdb"

    def rows(self, instance: RawInstance, model: str, columns: str, order: str = "all") -> list[tuple[Any, ...]]:
        """Chosen columns of a staging model for one instance, in order."""
        return self.query(
            instance.file,
            f"select {columns} from staging.{model} where source_instance = '{instance.name}' order by {order}",
        )

    def outcomes(self, instance: RawInstance) -> dict[tuple[str, str, str], int]:
        """The reconciliation of one instance: rows by (table, outcome, reason)."""
        rows = self.query(
            instance.file,
            "select source_table, outcome, reason, row_count from intermediate.int_source_row_outcomes "
            f"where source_instance = '{instance.name}'",
        )
        return {(table, outcome, reason): count for table, outcome, reason, count in rows}

    def rejected(self, instance: RawInstance) -> set[tuple[Any, ...]]:
        """What was rejected in one instance: (table, record, column, reason, rows)."""
        return set(
            self.query(
                instance.file,
                "select source_table, source_record_id, column_name, reason, row_count "
                f"from marts.main.fct_rejected_values where source_instance = '{instance.name}'",
            )
        )
