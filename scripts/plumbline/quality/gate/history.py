"""What past runs saw, kept in `state/<target>/checks.jsonl`: one line per run of the gate, only ever appended to.

Only runs that led to the current version count as history, so a blocked night or a version that was rolled
back never shifts what is usual.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Any

from plumbline.project.json_lines import append_line, read_lines
from plumbline.quality.gate.results import CheckResult

_PLACE = ("table", "column")


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
            found[line["run_id"]] = GateRun(line["run_id"], str(line.get("at")), list(_unfolded(line["checks"])))
    return list(found.values())


def record(path: Path, run_id: str, at: str, results: list[CheckResult]) -> None:
    """Append what the gate saw, whether or not it blocks."""
    append_line(path, {"run_id": run_id, "at": at, "checks": list(_folded(result.as_line() for result in results))})


def _folded(lines: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What the parts of a check have in common once for all of them: half of the bytes."""
    for name, group in groupby(lines, key=lambda line: str(line["check"]).split(".", 1)[0]):
        parts = {str(line["check"]).removeprefix(name): _without(line, "check") for line in group}
        for part, line in parts.items():
            if {key: line[key] for key in _PLACE if key in line} == _place(part):
                parts[part] = _without(line, *_PLACE)
        shared = set.intersection(*(set(part.items()) for part in parts.values()))
        common = {key: value for part in parts.values() for key, value in part.items() if (key, value) in shared}
        yield {"check": name, **common, "parts": {key: _without(part, *common) for key, part in parts.items()}}


def _unfolded(groups: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for group in groups:
        if "parts" not in group:
            yield group  # as recorded before parts were folded
            continue
        common = _without(group, "check", "parts")
        for part, line in group["parts"].items():
            place = {} if "table" in common or "table" in line else _place(part)
            yield {"check": f"{group['check']}{part}", **common, **place, **line}


def _place(part: str) -> dict[str, str]:
    """Table and column, where the name of a part tells them: .table, .table.column or .system.instance.table."""
    names = part.split(".")[1:]
    if len(names) == 3:
        return {"table": f"{names[0]}.{names[2]}"}
    return dict(zip(_PLACE, names, strict=False))


def _without(line: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in names}
