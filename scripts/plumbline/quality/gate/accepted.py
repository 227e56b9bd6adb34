"""Findings that somebody let through until a day: `state/<target>/accepted.jsonl`, only ever appended to."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from plumbline.project.errors import SettingsError
from plumbline.project.json_lines import append_line, read_lines
from plumbline.quality.gate.history import GateRun
from plumbline.quality.gate.suites import Suite, all_checks


@dataclass(frozen=True)
class Accepted:
    """One finding, why it is let through, by whom, and until when."""

    at: str
    check: str
    reason: str
    until: str
    by: str

    def is_valid(self, today: date) -> bool:
        """Whether it still lets the finding through; its last day counts."""
        return date.fromisoformat(self.until) >= today

    @property
    def sentence(self) -> str:
        """For the summary."""
        return f"{self.check} until {self.until}, by {self.by}: {self.reason}"


def read_accepted(path: Path, today: date) -> list[Accepted]:
    """What is accepted today; the last word on a check counts."""
    found: dict[str, Accepted] = {}
    for line in read_lines(path):
        try:
            entry = Accepted(**{name: str(line[name]) for name in ("at", "check", "reason", "until", "by")})
            date.fromisoformat(entry.until)
        except (KeyError, ValueError):
            continue
        found[entry.check] = entry
    return [entry for entry in found.values() if entry.is_valid(today)]


def known_checks(suites: list[Suite], runs: list[GateRun]) -> list[str]:
    """All names that findings can have: as the gate recorded them, as far as the suites still have their check."""
    checks = {check.name for _, check in all_checks(suites)}
    seen = {str(check["check"]) for run in runs for check in run.checks}
    return sorted(name for name in seen if name.split(".", 1)[0] in checks)


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
    append_line(path, asdict(wanted))


def _listed(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
