"""The whole night on the sample company."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from nightly.toolkit import paths_of
from plumbline.nightly.journal import Journal
from plumbline.nightly.manifest import read_manifest
from plumbline.nightly.metric_results import COLUMNS, read_results
from plumbline.nightly.verify import problems_of

if TYPE_CHECKING:
    from conftest import BuiltProject


def test_the_sample_companys_night_is_published_whole(built_project: BuiltProject) -> None:
    manifest = read_manifest(built_project.published)
    assert problems_of(built_project.published.resolve()) == []
    assert manifest.run_id == built_project.report.run_id
    assert [entry.event for entry in Journal(paths_of(built_project.root).journal).entries()] == [
        "started",
        "published",
    ]
    with built_project.connect() as connection:
        row = connection.execute("select cast(max(as_of_date) as varchar) from intermediate.as_of").fetchone()
    assert row == (manifest.as_of_date,)
    assert built_project.report.preflight.not_connected == []
    assert built_project.report.outcome.failed_tests == []


def test_every_mart_of_the_build_is_published_with_its_rows(built_project: BuiltProject) -> None:
    manifest = read_manifest(built_project.published)
    with built_project.connect() as connection:
        names = connection.execute(
            "select table_name from information_schema.tables "
            "where table_catalog = 'built' and table_schema = 'main' order by 1"
        ).fetchall()
        assert [name for (name,) in names] == list(manifest.tables)
        for name, table in manifest.tables.items():
            assert connection.execute(f"select count(*) from built.main.{name}").fetchone() == (table.rows,), name


def test_readers_find_descriptions_of_tables_and_columns(built_project: BuiltProject) -> None:
    with duckdb.connect(str(built_project.published / "marts.duckdb"), read_only=True) as connection:
        bare = connection.execute(
            "select table_name from duckdb_tables() where comment is null "
            "union all select table_name || '.' || column_name from duckdb_columns() "
            "where comment is null and not internal"
        ).fetchall()
    assert bare == []


def test_no_log_of_the_night_holds_personal_data(built_project: BuiltProject) -> None:
    with built_project.connect() as connection:
        people = connection.execute(
            """
            select email from raw.salesforce.contact where email is not null
            union select email from raw.salesforce.lead where email is not null
            union select phone from raw.salesforce.contact where length(phone) > 6
            """
        ).fetchall()
    secrets = {str(value) for (value,) in people}
    assert len(secrets) > 50
    root: Path = built_project.root
    written = [*(root / "state").rglob("*"), *(root / "build" / "prod" / "runs").rglob("*")]
    for path in written:
        if path.is_file() and path.suffix in (".log", ".json", ".jsonl", ".sql"):
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not [secret for secret in secrets if secret in text], path


def test_what_was_published_of_every_metric_is_in_the_state(built_project: BuiltProject) -> None:
    report = built_project.report
    kept = read_results(report.paths.metric_results)[report.run_id]
    with duckdb.connect(str(built_project.published / "marts.duckdb"), read_only=True) as connection:
        texts = ", ".join(f"cast({name} as varchar)" for name in COLUMNS)
        rows = connection.execute(f"select {texts} from marts.fct_metric_results").fetchall()
    assert len(rows) > 1000
    assert {tuple(row[name] for name in COLUMNS) for row in kept} == set(rows)
    assert report.paths.metric_results.stat().st_size < 120 * len(rows), "what rows have in common is written once"
