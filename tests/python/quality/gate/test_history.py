"""What is usual comes from the versions that led to the current one, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from plumbline.nightly.journal import Journal
from plumbline.project.json_lines import append_line
from plumbline.quality.gate.history import History, read_runs, record
from plumbline.quality.gate.results import CheckResult


def seen(value: float | None, check: str = "rows.a") -> CheckResult:
    return CheckResult(check, "suite", "volume", "a", "error", "passed", seen=value)


def test_the_median_of_the_last_versions_is_usual_and_zero_counts(tmp_path: Path) -> None:
    path = tmp_path / "checks.jsonl"
    for number, value in enumerate([0.0, 10.0, 0.0, 40.0]):
        record(path, f"r{number}", "2026-07-01T00:00:00Z", [seen(value), seen(None, "empty")])
    runs = read_runs(path)
    assert History(runs, ["r0", "r1", "r2", "r3"], 7).usual("rows.a") == 5.0
    assert History(runs, ["r0", "r1", "r2", "r3"], 3).usual("rows.a") == 10.0
    assert History(runs, ["r0", "r2"], 7).usual("rows.a") == 0.0
    assert History(runs, ["r0", "r3"], 7).count("rows.a") == 2
    assert History(runs, ["r0", "r1"], 7).parts_of("rows") == ["a"]
    empty = History(runs, [], 7)
    assert empty.usual("rows.a") is None and empty.count("rows.a") == 0
    assert History(runs, ["r0"], 7).usual("empty") is None


def test_a_line_that_a_killed_run_left_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "checks.jsonl"
    record(path, "r0", "2026-07-01T00:00:00Z", [seen(1.0)])
    with path.open("a") as handle:
        handle.write('{"run_id": "r1", "at"')
    record(path, "r2", "2026-07-01T00:00:00Z", [seen(3.0)])
    assert [run.run_id for run in read_runs(path)] == ["r0", "r2"]


def test_what_is_read_is_what_was_recorded_though_parts_share_a_line(tmp_path: Path) -> None:
    path = tmp_path / "checks.jsonl"
    results = [seen(1.0, "rows.b.c"), seen(2.0, "rows.a"), seen(1 / 3, "rows"), seen(None, "other.a"), seen(4.0, "sum")]
    results[1] = replace(results[1], status="failed", note="too few", maximum=1.0)
    for place in ("rows.b", "rows.b.c", "rows.crm.main.b"):
        results.append(replace(seen(1.0, place), table="b", suite="z", check=place))
    results[-2] = replace(results[-2], column="c")
    results[-1] = replace(results[-1], table="crm.b")
    record(path, "r0", "2026-07-01T00:00:00Z", results)
    (run,) = read_runs(path)
    assert run.checks == [result.as_line() for result in results]
    assert run.checks[2]["seen"] == 0.333333333333
    text = path.read_text()
    assert text.count('"volume"') == 4 and '"b"' not in text and '"crm.b"' not in text


def test_what_was_recorded_before_parts_shared_a_line_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "checks.jsonl"
    line = {"check": "rows.a", "status": "passed", "seen": 3.0}
    append_line(path, {"run_id": "r0", "at": "2026-07-01T00:00:00Z", "checks": [line]})
    assert History(read_runs(path), ["r0"], 7).usual("rows.a") == 3.0


def test_a_blocked_run_and_what_was_rolled_back_are_no_history(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "runs.jsonl")
    for run, event in (("a", "published"), ("b", "published"), ("c", "failed"), ("d", "published")):
        journal.append("started", run)
        journal.append(event, run)
    assert journal.lineage() == ["a", "b", "d"]
    journal.append("rolled back", "b", before="d")
    assert journal.lineage() == ["a", "b"]
    journal.append("published", "e")
    assert journal.lineage() == ["a", "b", "e"]
    journal.append("rolled back", "d", before="e")
    assert journal.lineage() == ["a", "b", "d"]
