"""What past runs saw, kept in `state/<target>/checks.jsonl`: one line per run of the gate, only ever appended to.

Only runs that led to the current version count as history, so a blocked night or a version that was rolled
back never shifts what is usual.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from plumbline.project.json_lines import append_line, read_lines
from plumbline.quality.gate.results import CheckResult


@dataclass(frozen=True)
class GateRun:
    """What the gate saw in one run."""

    run_id: str
    at: str
    checks: list[dict[str, Any]]


class History:
    """What the checks saw in the published runs that led to the current version."""

    def __init__(self, runs: list[GateRun], lineage: list[str], versions: int) -> None:
        """Of all runs, the last `versions` of the lineage."""
        by_id = {run.run_id: run for run in runs}
        self._values: dict[str, list[float]] = {}
        self.runs = [by_id[run_id] for run_id in lineage if run_id in by_id]
        for run in self.runs[-versions:]:
            for check in run.checks:
                if check.get("seen") is not None:
                    self._values.setdefault(str(check["check"]), []).append(float(check["seen"]))

    def usual(self, check: str) -> float | None:
        """The median of what published versions showed; None while there is none."""
        values = self._values.get(check)
        return None if not values else float(median(values))

    def count(self, check: str) -> int:
        """From how many versions that is."""
        return len(self._values.get(check, []))

    def steady(self, check: str, days: int) -> list[float]:
        """What the last `days` days showed on which the check held, one value a day.

        The first days count whatever they showed: nothing was known then. After them a finding never becomes usual
        by lasting long enough.
        """
        found: dict[str, float] = {}
        for run in self.runs:
            for line in run.checks:
                if line["check"] != check or line.get("seen") is None:
                    continue
                if line.get("status") == "passed" or len(found) < days:
                    day = run.at[:10]
                    found[day] = max(found.get(day, 0.0), float(line["seen"]))
        return list(found.values())[-days:]

    def parts_of(self, check: str) -> list[str]:
        """What a check was divided into: tables that may be gone now."""
        return sorted(name.removeprefix(f"{check}.") for name in self._values if name.startswith(f"{check}."))


def read_runs(path: Path) -> list[GateRun]:
    """All recorded runs, oldest first; a run recorded twice counts as last recorded."""
    found: dict[str, GateRun] = {}
    for line in read_lines(path):
        if isinstance(line.get("run_id"), str) and isinstance(line.get("checks"), list):
            found[line["run_id"]] = GateRun(line["run_id"], str(line.get("at")), line["checks"])
    return list(found.values())


def record(path: Path, run_id: str, at: str, results: list[CheckResult]) -> None:
    """Append what the gate saw, whether or not it blocks."""
    append_line(path, {"run_id": run_id, "at": at, "checks": [result.as_line() for result in results]})
