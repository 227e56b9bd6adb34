"""Whatever lands, the whole project builds, accounts for every row, names what it rejects, and keeps the totals."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staging.prepared import SYSTEMS
from support.graph import Graph

from .worlds import NAMES, Maker, Table, World, knobs, totals

COMBINATIONS = [
    frozenset(system for system, is_there in zip(SYSTEMS, there, strict=True) if is_there)
    for there in itertools.product((True, False), repeat=len(SYSTEMS))
]
# These two judge how much is wrong, not whether the models hold; a world without any load has no day.
THRESHOLDS = ("assert_few_values_are_rejected", "assert_as_of_is_known")
SUPPORT_MODELS = ("row_counts", "rejected_values", "repeated_keys")


def staging_model(graph: Graph, table: Table) -> str:
    """The model that reads a raw table."""
    key = f"source.plumbline.{table[0]}.{table[1]}"
    return next(model["name"] for model in graph.models if model["depends_on"]["nodes"] == [key] or (
        key in model["depends_on"]["nodes"] and not model["name"].endswith(SUPPORT_MODELS)))  # fmt: skip


def optional_columns(graph: Graph) -> list[tuple[str, str, str]]:
    return [
        (*table, name)
        for table, source in graph.sources.items()
        for name, column in source["columns"].items()
        if name not in source["config"]["meta"]["key"] and not column["config"].get("meta", {}).get("required")
    ]


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql).fetchall()


@pytest.mark.parametrize("number", range(len(COMBINATIONS)), ids=["+".join(sorted(c)) or "none" for c in COMBINATIONS])
@settings(max_examples=2)
@given(data=st.data())
def test_any_world_builds_and_adds_up(graph: Graph, number: int, data: st.DataObject) -> None:
    connected, parts = COMBINATIONS[number], len(COMBINATIONS)
    # over all combinations every table is absent once, and every optional column is empty once
    absent = {table for table in list(graph.sources)[number::parts] if table[0] in connected}
    absent |= {table for table in graph.sources if table[0] not in connected}
    drawn = data.draw(knobs(absent, optional_columns(graph)[number::parts]))
    world = Maker(graph.sources, drawn).make()
    models = {staging_model(graph, table) for table in absent}
    staging = {model["name"] for model in graph.models if model["name"].startswith("stg_")}
    models |= {name for name in staging if name.split("_")[1] not in connected}
    with graph.built(world.tables, models) as connection:
        check_rows(connection, graph, world, connected)
        check_rejected(connection, world)
        check_totals(connection, world)
        check_values(connection, graph)
        check_data_tests(connection, graph)


def check_rows(connection: duckdb.DuckDBPyConnection, graph: Graph, world: World, connected: frozenset[str]) -> None:
    """Rows in = kept + superseded + excluded + rejected, each counted here from the rows that were made."""
    found: dict[Table, Counter[str]] = {}
    for system, table, outcome, count, rows_in in rows(
        connection,
        "select source_system, source_table, outcome, row_count, rows_in from marts.main.fct_source_reconciliation",
    ):
        found.setdefault((system, table), Counter()).update({outcome: count, "in": 0})
        found[system, table]["in"] = rows_in
    expected = {}
    for table in graph.sources:
        if table[0] in connected:
            keys = world.keys.get(table, [])
            records = {key for key in keys if key is not None}
            expected[table] = (len(keys), len(records), len(keys) - keys.count(None) - len(records), keys.count(None))
    assert expected == {
        table: (counts["in"], counts["kept"] + counts["excluded"], counts["superseded"], counts["rejected"])
        for table, counts in found.items()
    }


def check_rejected(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    """Every rejected value, and nothing else, is named with record, column and reason."""
    found = {
        tuple(row[:5]): row[5]
        for row in rows(
            connection,
            "select source_system, source_table, source_record_id, column_name, reason, row_count "
            "from marts.main.fct_rejected_values",
        )
    }
    assert found == dict(world.rejected)


def check_totals(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    """Amounts add up to what the newest valid rows hold, in every currency, unmapped stages included."""
    expected = totals(world)
    for grouping in ("", ", stage_category"):
        found: dict[str, Decimal] = {}
        for currency, amount in rows(
            connection,
            "select currency_code, coalesce(sum(amount), 0) "
            f"from marts.main.fct_opportunities group by currency_code{grouping}",
        ):
            found[currency] = found.get(currency, Decimal(0)) + amount
        assert found == expected


def check_values(connection: duckdb.DuckDBPyConnection, graph: Graph) -> None:
    """No floating number and so no inf or nan, no day beyond the calendar, and names as they came in."""
    for model in graph.models:
        if model["schema"] != "main":
            continue
        described = rows(connection, f"select column_name, column_type from (describe {model['relation_name']})")
        assert not {kind for _, kind in described} & {"DOUBLE", "FLOAT"}, model["name"]
        for name, kind in described:
            if kind in ("DATE", "TIMESTAMP"):
                [(first, _)] = rows(connection, f'select min("{name}"), max("{name}") from {model["relation_name"]}')
                # beyond the year 9999 Python itself would fail
                assert first is None or isinstance(first, date | datetime), (model["name"], name)
    names = {name.strip(" ") for name in NAMES}
    assert {name for (name,) in rows(connection, "select account_name from marts.main.dim_accounts")} <= names | {None}


def check_data_tests(connection: duckdb.DuckDBPyConnection, graph: Graph) -> None:
    """What dbt's tests hold to be true of the models is true: only findings about the data itself may show."""
    for test in graph.tests:
        is_finding = "population" in test["config"]["error_if"] or test["config"]["severity"].lower() == "warn"
        if not is_finding and test["name"] not in THRESHOLDS:
            assert rows(connection, test["compiled_code"]) == [], test["name"]
