"""Same input, same output: every mart has the same rows whatever the threads, the time zone, the order of the raw
rows and the form in which they come.

The first world is plain `dbt build` at two threads in UTC, with all its tests, on raw schemas of the target database.
In the others the process runs in another time zone, with another number of threads, and the raw rows come as files of
a folder, in another physical order. The night, which has to publish the same, reads a DuckDB file.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from support.dbt import run_dbt
from support.raw_forms import into_folder

if TYPE_CHECKING:
    from conftest import BuiltProject, PlainBuild, RawData

# Each system in two formats; quality/test_raw_folder.py compares all tables in all formats.
OTHER_WORLDS = [
    (1, "America/New_York", 1, {"salesforce": "csv", "marketo": "parquet", "gong": "jsonl"}),
    (8, "Pacific/Auckland", 2, {"salesforce": "ndjson.gz", "marketo": "csv.gz", "gong": "parquet"}),
]


@contextmanager
def time_zone(name: str) -> Iterator[None]:
    """The process in another time zone, as a machine elsewhere would be."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = name
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()


def mart_hashes(database: Path) -> dict[str, tuple[int, str]]:
    """Rows and content of every mart: {table: (rows, md5 over all rows in a canonical order)}."""
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'main' order by 1"
        ).fetchall()
        hashes = {}
        for (table,) in tables:
            rows, content = connection.execute(
                f"select count(*), md5(coalesce(string_agg(line, chr(10) order by line), '')) "
                f'from (select to_json(mart)::varchar as line from marts."{table}" as mart)'
            ).fetchone() or (0, "")
            hashes[table] = (rows, content)
    return hashes


@pytest.fixture(scope="module")
def worlds(
    raw_database: RawData, plain_build: PlainBuild, tmp_path_factory: pytest.TempPathFactory
) -> list[dict[str, tuple[int, str]]]:
    """Hashes of all marts, built once in each world."""
    found = [mart_hashes(plain_build.database)]
    for threads, zone, seed, formats in OTHER_WORLDS:
        folder = tmp_path_factory.mktemp(f"world{seed}")
        raw = into_folder(raw_database.raw, folder / "raw", formats, seed)
        database = folder / "marts.duckdb"
        with time_zone(zone):
            run_dbt(
                ["build", "--exclude-resource-type", "test", "unit_test"],
                raw=raw,
                database=database,
                target_path=folder / "target",
                threads=threads,
            )
        found.append(mart_hashes(database))
    return found


def test_there_is_something_to_compare(worlds: list[dict[str, tuple[int, str]]]) -> None:
    assert len(worlds[0]) > 20
    assert sum(rows for rows, _ in worlds[0].values()) > 10_000


def test_marts_are_the_same_in_every_world(worlds: list[dict[str, tuple[int, str]]]) -> None:
    first, *others = worlds
    for other in others:
        assert {t: h for t, h in other.items() if first.get(t) != h} == {}
        assert other.keys() == first.keys()


def test_plain_dbt_builds_and_tests_everything(plain_build: PlainBuild) -> None:
    """Unit tests among it: the night leaves those out, since they do not look at the raw data."""
    assert plain_build.run.success, plain_build.run.explain()
    kinds = set(plain_build.run.statuses.values())
    assert kinds <= {"success", "pass", "warn", "no-op"}
    assert sum(status == "pass" for status in plain_build.run.statuses.values()) > 100


def test_the_night_publishes_what_plain_dbt_builds(
    worlds: list[dict[str, tuple[int, str]]], built_project: BuiltProject
) -> None:
    published = mart_hashes(built_project.published / "marts.duckdb")
    # that night has custom columns besides, and every night writes down its own runs and checks
    of_the_night = {table for table in published if table.startswith("ops_") or table.endswith("_custom_fields")}
    assert len(of_the_night) == 8
    assert {table: found for table, found in published.items() if table not in of_the_night} == worlds[0]
