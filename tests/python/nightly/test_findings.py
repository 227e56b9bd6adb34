"""What a build found is read from those marts that exist, and shown."""

from __future__ import annotations

from pathlib import Path

import duckdb
from rich.console import Console

from nightly.toolkit import make_project, run
from plumbline.nightly.findings import Findings, LeftOut, read_findings
from plumbline.nightly.summary import night_summary


def test_a_project_without_those_marts_has_no_findings(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "marts.duckdb")) as connection:
        connection.execute("create table marts.main.dim_a as select 1 as a")
    assert read_findings(tmp_path / "marts.duckdb") == Findings()


def test_rows_left_out_are_counted_by_system_and_reason(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "marts.duckdb")) as connection:
        connection.execute("create schema intermediate")
        connection.execute("create table intermediate.as_of as select date '2026-02-28' as as_of_date")
        connection.execute("create table marts.main.fct_account_match_conflicts as select * from range(4)")
        connection.execute("create table marts.main.fct_opportunities as select 'unmapped' as stage_category")
        connection.execute(
            """
            create table marts.main.fct_source_reconciliation as
            select * from (values
                ('salesforce', 'task', 'kept', 'newest_version', 90),
                ('salesforce', 'task', 'rejected', 'missing_key', 3),
                ('salesforce', 'event', 'rejected', 'missing_key', 1),
                ('marketo', 'lead', 'excluded', 'deleted', 7),
                ('marketo', 'lead', 'excluded', 'internal', 0)
            ) as r(source_system, source_table, outcome, reason, row_count)
            """
        )
    found = read_findings(tmp_path / "marts.duckdb")
    assert found.as_of_date == "2026-02-28"
    assert (found.conflicts, found.unmapped_stages) == (4, 1)
    assert found.outcomes == {"kept": 90, "rejected": 4, "excluded": 7}
    assert found.left_out == [
        LeftOut("marketo", "excluded", "deleted", 7),
        LeftOut("salesforce", "rejected", "missing_key", 4),
    ]


def test_the_summary_shows_them(tmp_path: Path) -> None:
    from dataclasses import replace

    report = run(make_project(tmp_path / "project"))
    left_out = [
        LeftOut("marketo", "excluded", "deleted", 7),
        LeftOut("salesforce", "rejected", "missing_key", 4),
    ]
    found = Findings("2026-02-28", {"kept": 90, "excluded": 7, "rejected": 4}, left_out, 46, 1)
    console = Console(width=160, record=True, quiet=False, file=(tmp_path / "out").open("w"))
    console.print(night_summary(replace(report, findings=found)))
    text = console.export_text()
    assert "90 kept, 0 superseded, 7 excluded, 4 rejected" in text
    assert "4: salesforce missing_key 4" in text and "7: marketo deleted 7" in text
    assert "fct_source_reconciliation, by source table and reason" in text
    assert "46 account records" in text and "1 opportunity" in text
