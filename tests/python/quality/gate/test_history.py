"""What is usual comes from the versions that led to the current one, and from nothing else."""

from __future__ import annotations

from pathlib import Path

from plumbline.nightly.journal import Journal
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
