"""Same input, same output: every mart has the same rows whatever the threads, the time zone, the order of the raw
rows and the form in which they come.

Three worlds build the same and differ in all of it: the night at two threads in New York from a DuckDB file; plain
`dbt build`, with all its tests, at eight threads in Auckland from a folder of CSV, JSON and Parquet files and from raw
schemas of the target database; and the SQL that the night ran, at one thread in Kolkata. The raw rows stand in another
physical order in each.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from support.compiled import build_compiled
from support.dbt import DbtRun
from support.raw_forms import into_database

if TYPE_CHECKING:
    from conftest import BuiltProject, PlainBuild


def mart_hashes(database: Path, run_id: str = "unpublished") -> dict[str, tuple[int, str]]:
    """Rows and content of every mart: {table: (rows, md5 over all rows in a canonical order)}.

    What a run says for the first time bears its name, which is another in every run.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        return hashes_in(connection, run_id)


def hashes_in(connection: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, tuple[int, str]]:
    """The same of the marts in the database `marts` of a connection."""
    tables = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'marts' and schema_name = 'main' order by 1"
    ).fetchall()
    hashes = {}
    for (table,) in tables:
        line = "replace(to_json(mart)::varchar, $1, 'unpublished') as line"
        rows, content = connection.execute(
            f"select count(*), md5(coalesce(string_agg(line, chr(10) order by line), '')) "
            f'from (select {line} from marts.main."{table}" as mart)',
            [run_id],
        ).fetchone() or (0, "")
        hashes[table] = (rows, content)
    return hashes


@pytest.fixture(scope="module")
def plain(plain_build: PlainBuild) -> dict[str, tuple[int, str]]:
    """Hashes of all marts that plain dbt built."""
    return mart_hashes(plain_build.database)


def test_there_is_something_to_compare(plain: dict[str, tuple[int, str]]) -> None:
    assert len(plain) > 20
    assert sum(rows for rows, _ in plain.values()) > 10_000


def test_plain_dbt_builds_and_tests_everything(plain_build: PlainBuild) -> None:
    """Unit tests among it: the night leaves those out, since they do not look at the raw data."""
    assert plain_build.run.success, plain_build.run.explain()
    kinds = set(plain_build.run.statuses.values())
    assert kinds <= {"success", "pass", "warn", "no-op"}
    assert sum(status == "pass" for status in plain_build.run.statuses.values()) > 100


def test_the_night_publishes_what_plain_dbt_builds(
    plain: dict[str, tuple[int, str]], built_project: BuiltProject
) -> None:
    published = mart_hashes(built_project.published / "marts.duckdb", built_project.report.run_id)
    # that night has custom columns besides, and every night writes down its own runs and checks
    of_the_night = {table for table in published if table.startswith("ops_") or table.endswith("_custom_fields")}
    assert len(of_the_night) == 8
    assert {table: found for table, found in published.items() if table not in of_the_night} == plain


def test_the_night_s_sql_makes_the_same_at_one_thread_in_another_time_zone(
    plain: dict[str, tuple[int, str]], built_project: BuiltProject, tmp_path: Path
) -> None:
    raw = into_database(built_project.data.raw, tmp_path / "raw.duckdb", ("salesforce", "marketo", "gong"), seed=3)
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute(f"attach '{raw}' as raw (read_only); attach ':memory:' as marts; use marts")
        connection.execute("set TimeZone = 'Asia/Kolkata'; set default_null_order = 'nulls_last'")
        build_compiled(_ran(built_project), connection)
        alone = hashes_in(connection, built_project.report.run_id)
    assert {table: found for table, found in alone.items() if table in plain} == plain


def _ran(built_project: BuiltProject) -> DbtRun:
    """The models and seeds of the night, with the SQL that it ran."""
    folder = built_project.report.outcome.target_path
    nodes = json.loads((folder / "manifest.json").read_text())["nodes"]
    results = json.loads((folder / "run_results.json").read_text())["results"]
    sql = {result["unique_id"]: result["compiled_code"] for result in results}
    kept = {key: code for key, code in sql.items() if key.startswith(("model.", "seed."))}
    built = {key: nodes[key] | {"compiled_code": code} for key, code in kept.items()}
    return DbtRun(True, {}, {}, None, {"nodes": built})
