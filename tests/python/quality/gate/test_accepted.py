"""How bad an accepted finding may become, and what is remembered of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from plumbline.project.json_lines import append_line, read_lines
from plumbline.quality.gate.accepted import Accepted, accept, last_figures, read_accepted
from plumbline.quality.gate.history import GateRun
from plumbline.quality.gate.results import CheckResult

DAY = datetime(2026, 7, 1)


def accepted(seen: float | None, low: float | None, high: float | None, unit: str = "rows") -> Accepted:
    return Accepted("2026-07-01T00:00:00Z", "rows", "known", "2026-07-09", "data team", seen, low, high, unit)


def finding(seen: float | None, low: float | None, high: float | None) -> CheckResult:
    return CheckResult("rows", "s", "e", "t", "error", "failed", seen=seen, minimum=low, maximum=high)


@pytest.mark.parametrize(
    ("entry", "tonight", "is_covered"),
    [
        (accepted(100, 140, 400), finding(100, 140, 400), True),
        (accepted(100, 140, 400), finding(120, 140, 400), True),
        (accepted(100, 140, 400), finding(96, 140, 400), True),
        (accepted(100, 140, 400), finding(95, 140, 400), False),
        # What is usual has moved on with the versions that were let through.
        (accepted(100, 140, 400), finding(99, 120, 300), True),
        (accepted(100, 140, 400), finding(500, 140, 400), False),
        (accepted(500, 140, 400), finding(510, 140, 400), True),
        (accepted(500, 140, 400), finding(511, 140, 400), False),
        (accepted(500, 140, 400), finding(100, 140, 400), False),
        (accepted(500, 140, 400), finding(None, 140, 400), False),
        (accepted(3, None, 0, "rows without a match"), finding(4, None, 0), True),
        (accepted(3, None, 0, "rows without a match"), finding(5, None, 0), False),
        (accepted(0.01, 0, 0, "apart"), finding(0.012, 0, 0), False),
        (accepted(-1, 0, 0, "apart"), finding(1, 0, 0), False),
        (accepted(0.6, None, 0.55, "share"), finding(0.61, None, 0.55), True),
        (accepted(0.6, None, 0.55, "share"), finding(0.62, None, 0.55), False),
        (accepted(9.0, None, 8.0, ""), finding(9.2, None, 8.0), False),
        # Recorded before figures were, or with no figure to see.
        (accepted(None, None, None), finding(0, 140, 400), True),
    ],
)
def test_a_finding_passes_while_it_is_no_worse_than_what_was_accepted(
    entry: Accepted, tonight: CheckResult, is_covered: bool
) -> None:
    assert entry.covers(tonight, DAY) is is_covered


@pytest.mark.parametrize(("unit", "is_covered"), [("hours behind", True), ("rows", False)])
def test_what_is_old_may_become_older_by_the_time_that_has_passed(unit: str, is_covered: bool) -> None:
    entry = accepted(30, None, 24, unit)
    assert entry.covers(finding(30 + 48, None, 24), datetime(2026, 7, 3)) is is_covered
    assert not entry.covers(finding(30 + 96, None, 24), datetime(2026, 7, 3))


def test_figures_come_from_the_last_run_that_looked_if_it_found_something() -> None:
    lines = [
        {"check": "rows", "status": "failed", "seen": 100, "minimum": 140, "unit": "rows"},
        {"check": "rows", "status": "failed", "seen": 90, "minimum": 140, "unit": "rows"},
        {"check": "rows", "status": "passed", "seen": 150, "minimum": 140, "unit": "rows"},
    ]
    runs = [GateRun(str(number), "2026-07-01T00:00:00Z", [line]) for number, line in enumerate(lines)]
    assert last_figures(runs[:2], "rows") == {"seen": 90, "minimum": 140, "unit": "rows"}
    assert last_figures(runs, "rows") == last_figures(runs, "other") == {}


def test_what_was_accepted_before_figures_were_recorded_stays_valid_until_its_day(tmp_path: Path) -> None:
    path = tmp_path / "accepted.jsonl"
    old = {"at": "2026-06-01T00:00:00Z", "check": "rows", "reason": "known", "until": "2026-07-01", "by": "RevOps"}
    append_line(path, old)
    (entry,) = read_accepted(path, DAY.date())
    assert entry.covers(finding(0, 140, 400), DAY) and entry.extent == "accepted whatever its extent"
    assert read_accepted(path, datetime(2026, 7, 2).date()) == []
    accept(path, accepted(100, 140, None), ["rows"], DAY.date())
    assert "maximum" not in read_lines(path)[-1]
    (entry,) = read_accepted(path, DAY.date())
    assert (entry.seen, entry.minimum, entry.maximum, entry.extent) == (100, 140, None, "accepted at 100 rows")
