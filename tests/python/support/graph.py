"""All models in one DuckDB in memory, prepared once and then run on one set of raw tables after another.

dbt takes tens of seconds to build the project, most of it spent on planning SQL that never changes. Here dbt compiles
once; the statements are prepared over empty tables with the constraints of their contracts, and a run only fills them.
"""

from __future__ import annotations

import graphlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from .compiled import load_seed

Row = Mapping[str, str | None]
Tables = Mapping[tuple[str, str], Sequence[Row]]
"""Raw rows by system and declared table; every value is text."""


class Graph:
    """The models of a manifest over raw tables in which every declared column is text."""

    def __init__(
        self, manifest: Mapping[str, Any], without_tables: Mapping[str, str], schemas: Mapping[str, str]
    ) -> None:
        """`without_tables`: compiled SQL of staging models where no raw table is there; `schemas`: of each system."""
        self._schemas = schemas
        self.sources = {(s["source_name"], s["name"]): s for s in manifest["sources"].values()}
        nodes = {key: n for key, n in manifest["nodes"].items() if n["resource_type"] in ("model", "seed")}
        order = graphlib.TopologicalSorter(
            {key: [d for d in n["depends_on"].get("nodes", []) if d in nodes] for key, n in nodes.items()}
        )
        self.models = [nodes[key] for key in order.static_order() if nodes[key]["resource_type"] == "model"]
        self.tests = [n for n in manifest["nodes"].values() if n["resource_type"] == "test"]
        self.connection = duckdb.connect(":memory:")
        self.connection.execute("set threads = 1; set TimeZone = 'UTC'")
        # these two plan for the rows that are there while a statement is prepared: none
        self.connection.execute("set disabled_optimizers = 'statistics_propagation,compressed_materialization'")
        self.connection.execute("attach ':memory:' as raw; attach ':memory:' as marts")
        self._create_raw()
        self.connection.execute("use marts")
        for schema in {n["schema"] for n in nodes.values()}:
            self.connection.execute(f"create schema if not exists marts.{schema}")
        for node in nodes.values():
            if node["resource_type"] == "seed":
                load_seed(self.connection, node)
        for model in self.models:
            self._create(model, without_tables.get(model["name"]))
        # a statement is planned again at each run if any table is made or changed after it was prepared
        for number, model in enumerate(self.models):
            self._prepare(f"filled_{number}", model, model["compiled_code"])
            if model["name"] in without_tables:
                self._prepare(f"without_{number}", model, without_tables[model["name"]])

    def columns(self, system: str, table: str) -> list[str]:
        """The columns that every raw table here has: those declared, without the marks of kept versions."""
        declared = self.sources[system, table]["columns"]
        return [name for name in declared if name not in ("_fivetran_active", "_fivetran_start")]

    def staging_models(self) -> list[str]:
        """The names of all models that read raw tables."""
        return [model["name"] for model in self.models if model["name"].startswith("stg_")]

    def data_tests_that_fail(self, left_out: Collection[str] = ()) -> list[str]:
        """The names of the data tests that block and fail on what is built, as dbt judges them."""

        def fails(test: Mapping[str, Any]) -> bool:
            verdict = f"{test['config']['fail_calc']} {test['config']['error_if']}"
            return self.connection.execute(f"select {verdict} from ({test['compiled_code']})").fetchone() == (True,)

        blocking = [test for test in self.tests if test["config"]["severity"].lower() == "error"]
        return [test["name"] for test in blocking if test["name"] not in left_out and fails(test)]

    def _create_raw(self) -> None:
        for schema in self._schemas.values():
            self.connection.execute(f"create schema raw.{schema}")
        for system, table in self.sources:
            columns = ", ".join(f'"{name}" varchar' for name in self.columns(system, table))
            self.connection.execute(f'create table raw.{self._schemas[system]}."{table}" ({columns})')

    def _create(self, model: Mapping[str, Any], without_tables: str | None) -> None:
        """An empty table with the constraints of the contract."""
        relation = model["relation_name"]
        self.connection.execute(f"create table {relation} as {model['compiled_code']} limit 0")
        if without_tables is not None:
            assert self._types(without_tables) == self._types(f"from {relation}"), model["name"]
        for column in model["columns"].values():
            kinds = {constraint["type"] for constraint in column.get("constraints", [])}
            if "not_null" in kinds:
                self.connection.execute(f'alter table {relation} alter "{column["name"]}" set not null')
            if "primary_key" in kinds:
                self.connection.execute(f'alter table {relation} add primary key ("{column["name"]}")')
        for constraint in model.get("constraints", []):
            if constraint["type"] == "primary_key":
                self.connection.execute(f"alter table {relation} add primary key ({', '.join(constraint['columns'])})")

    def _types(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(f"select column_name, column_type from (describe {query})").fetchall()

    def _prepare(self, name: str, model: Mapping[str, Any], query: str) -> None:
        self.connection.execute(f"prepare {name} as insert into {model['relation_name']} {query}")

    @contextmanager
    def built(self, tables: Tables, absent: Collection[str] = ()) -> Iterator[duckdb.DuckDBPyConnection]:
        """All models over the given rows. `absent`: staging models whose raw table, or system, is not there."""
        self._fill_raw(tables)
        self.connection.begin()
        try:
            for number, model in enumerate(self.models):
                prepared = "without" if model["name"] in absent else "filled"
                try:
                    self.connection.execute(f"execute {prepared}_{number}")
                except duckdb.Error as error:
                    raise AssertionError(f"{model['name']}: {error}") from error
            yield self.connection
        finally:
            self.connection.rollback()

    @contextmanager
    def built_over(self, staged: Path, rows: Mapping[str, str]) -> Iterator[duckdb.DuckDBPyConnection]:
        """All models above staging, over rows that were staged before.

        `staged`: a database, here called `staged`; `rows`: for each staging model a query over it.
        """
        self.connection.execute(f"attach '{staged}' as staged (read_only)")
        self.connection.begin()
        try:
            for number, model in enumerate(self.models):
                if model["name"] in rows:
                    self.connection.execute(f"insert into {model['relation_name']} by name {rows[model['name']]}")
                elif not model["name"].startswith("stg_"):
                    self.connection.execute(f"execute filled_{number}")
            yield self.connection
        finally:
            self.connection.rollback()
            self.connection.execute("detach staged")

    def _fill_raw(self, tables: Tables) -> None:
        self.connection.begin()
        for system, table in self.sources:
            relation = f'raw.{self._schemas[system]}."{table}"'
            self.connection.execute(f"delete from {relation}")
            rows = tables.get((system, table), ())
            if rows:
                columns = self.columns(system, table)
                marks = ", ".join(f"({', '.join('?' for _ in columns)})" for _ in rows)
                self.connection.execute(
                    f"insert into {relation} values {marks}", [row.get(name) for row in rows for name in columns]
                )
        self.connection.commit()
