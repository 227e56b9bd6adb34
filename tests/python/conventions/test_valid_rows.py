"""Rules on the columns of seeds: each broken one is a row that names it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import duckdb
import pytest

from conftest import BuiltProject

# stands for a decision in every column that the case does not speak of
DECISION = {
    "entity": "account",
    "action": "merge",
    "source_system": "salesforce",
    "source_instance": "main",
    "source_record_id": "001A",
    "other_source_system": "salesforce",
    "other_source_instance": "main",
    "other_source_record_id": "001B",
    "reason": "one company",
    "decided_on": "2026-01-01",
}


@pytest.fixture(scope="module")
def asked(built_project: BuiltProject) -> dict[str, str]:
    """The compiled SQL of each test of the night, by the test's name."""
    results = json.loads((built_project.report.outcome.target_path / "run_results.json").read_text())["results"]
    return {result["unique_id"].split(".")[2]: result["compiled_code"] for result in results}


@pytest.fixture
def marts(built_project: BuiltProject) -> Iterator[duckdb.DuckDBPyConnection]:
    """Copies of two seeds, to break."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach '{built_project.database}' as built (read_only)")
        connection.execute("attach ':memory:' as marts; create schema marts.reference")
        for seed in ("match_overrides", "engagement_types"):
            connection.execute(f"create table marts.reference.{seed} as from built.reference.{seed}")
        yield connection


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({}, []),
        ({"reason": None}, [("reason is missing", 1)]),
        ({"entity": "company"}, [("entity is none of account, person", 1)]),
        ({"action": None, "decided_on": None}, [("action is missing", 1), ("decided_on is missing", 1)]),
    ],
)
def test_a_decision_that_lacks_something_is_named(
    asked: dict[str, str], marts: duckdb.DuckDBPyConnection, change: dict[str, str | None], broken: list[object]
) -> None:
    row = {**DECISION, **change}
    marks = ", ".join(f"${name}" for name in row)
    marts.execute(f"insert into marts.reference.match_overrides ({', '.join(row)}) values ({marks})", row)
    assert sorted(marts.execute(asked["match_overrides_is_valid"]).fetchall()) == broken


def test_a_key_that_stands_twice_is_named(asked: dict[str, str], marts: duckdb.DuckDBPyConnection) -> None:
    assert marts.execute(asked["engagement_types_is_valid"]).fetchall() == []
    marts.execute("insert into marts.reference.engagement_types from marts.reference.engagement_types limit 2")
    assert marts.execute(asked["engagement_types_is_valid"]).fetchall() == [("engagement_type stands twice", 2)]
