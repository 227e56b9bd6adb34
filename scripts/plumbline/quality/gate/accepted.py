"""Findings that somebody let through until a day: `state/<target>/accepted.jsonl`, only ever appended to."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from plumbline.project.errors import SettingsError
from plumbline.project.json_lines import append_line, read_lines
from plumbline.quality.gate.history import GateRun
from plumbline.quality.gate.results import CheckResult, figure
from plumbline.quality.gate.suites import Suite, all_checks

# How much worse a finding may become: a tenth of how far it was out of bounds when it was accepted, and at least a
# point of a share, or one of what is counted.
_ROOM = 0.1
_LEAST_ROOM = {"share": 0.01, "apart": 0.0, "": 0.0}
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Accepted:
    """One finding, why it is let through, by whom, until when, and how bad it was by then."""

    at: str
    check: str
    reason: str
    until: str
    by: str
    seen: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""

    def is_valid(self, today: date) -> bool:
        """Whether it still lets the finding through; its last day counts."""
        return date.fromisoformat(self.until) >= today

    def covers(self, finding: CheckResult, now: datetime | None) -> bool:
        """Whether a finding is no worse than what was accepted; what was accepted without a figure covers all."""
        if self.seen is None:
            return True
        if finding.seen is None or self._is_below != (finding.minimum is not None and finding.seen < finding.minimum):
            return False
        worse = self.seen - finding.seen if self._is_below else finding.seen - self.seen
        return worse <= self._room(now) + _ROUNDING * max(1.0, abs(self.seen))

    @property
    def _is_below(self) -> bool:
        return self.seen is not None and self.minimum is not None and self.seen < self.minimum

    def _room(self, now: datetime | None) -> float:
        bound = self.minimum if self._is_below else self.maximum
        beyond = 0.0 if self.seen is None or bound is None else abs(self.seen - bound)
        # What is old or behind grows by an hour an hour, which is the same finding.
        passed = _hours_since(self.at, now) if now is not None and self.unit.startswith("hours") else 0.0
        return max(_ROOM * beyond, _LEAST_ROOM.get(self.unit, 1.0)) + passed

    @property
    def extent(self) -> str:
        """What was seen when it was accepted."""
        return "accepted whatever its extent" if self.seen is None else f"accepted at {figure(self.seen, self.unit)}"

    @property
    def sentence(self) -> str:
        """For the summary."""
        return f"{self.check} until {self.until}, by {self.by}: {self.reason}"


def read_accepted(path: Path, today: date) -> list[Accepted]:
    """What is accepted today; the last word on a check counts."""
    found: dict[str, Accepted] = {}
    for line in read_lines(path):
        try:
            at, check, reason, until, by = (str(line[name]) for name in ("at", "check", "reason", "until", "by"))
            entry = Accepted(at, check, reason, until, by, **_figures(line))
            date.fromisoformat(entry.until)
            datetime.fromisoformat(entry.at)
        except (KeyError, ValueError, TypeError):
            continue
        found[entry.check] = entry
    return [entry for entry in found.values() if entry.is_valid(today)]


def known_checks(suites: list[Suite], runs: list[GateRun]) -> list[str]:
    """All names that findings can have: as the gate recorded them, as far as the suites still have their check."""
    checks = {check.name for _, check in all_checks(suites)}
    seen = {str(check["check"]) for run in runs for check in run.checks}
    return sorted(name for name in seen if name.split(".", 1)[0] in checks)


def last_figures(runs: list[GateRun], check: str) -> dict[str, Any]:
    """How bad a finding was when it was last looked at; nothing where it held, or had no figure."""
    lines = [line for run in runs for line in run.checks if line.get("check") == check]
    return _figures(lines[-1]) if lines and lines[-1].get("status") == "failed" else {}


def _figures(line: Mapping[str, Any]) -> dict[str, Any]:
    if line.get("seen") is None:
        return {}
    bounds = {name: float(line[name]) for name in ("seen", "minimum", "maximum") if line.get(name) is not None}
    return {**bounds, "unit": str(line.get("unit", ""))}


def accept(path: Path, wanted: Accepted, known: Iterable[str], today: date) -> None:
    """Record that a finding is let through; refuse a check that is not known and a day that has passed."""
    names = sorted(set(known))
    if wanted.check not in names:
        close = difflib.get_close_matches(wanted.check, names, n=3, cutoff=0.5)
        parts = [name for name in names if name.startswith(f"{wanted.check}.")]
        mending = f"Name one of its parts: {_listed(parts)}." if parts else f"Did you mean {_listed(close)}?"
        raise SettingsError(
            f"there is no check '{wanted.check}'",
            mending if parts or close else "The names stand in the summary of the night and in the suites.",
        )
    if not wanted.reason.strip() or not wanted.by.strip():
        raise SettingsError("--reason and --by must say something", "Say why the finding may pass, and who answers.")
    try:
        date.fromisoformat(wanted.until)
    except ValueError as error:
        raise SettingsError(f"--until {wanted.until}: this is no day", "Write it as YYYY-MM-DD.") from error
    if not wanted.is_valid(today):
        raise SettingsError(
            f"--until {wanted.until}: this day has passed", f"Name a day from {today.isoformat()} on, as YYYY-MM-DD."
        )
    append_line(path, {name: value for name, value in asdict(wanted).items() if value not in (None, "")})


def _hours_since(at: str, now: datetime) -> float:
    since = now.replace(tzinfo=now.tzinfo or UTC) - datetime.fromisoformat(at)
    return max(0.0, since.total_seconds() / 3600)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
