"""The journal: one line of JSON for each start and end of a run and each rollback, only ever appended to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plumbline.nightly.clock import stamp, utc_now
from plumbline.project.json_lines import append_line, read_lines

STARTED = "started"
PUBLISHED = "published"
FAILED = "failed"
INTERRUPTED = "interrupted"
KILLED = "killed"
ROLLED_BACK = "rolled back"
ENDS = frozenset({PUBLISHED, FAILED, INTERRUPTED, KILLED})


@dataclass(frozen=True)
class Entry:
    """One line of the journal."""

    at: str
    event: str
    run_id: str
    details: dict[str, Any]


class Journal:
    """The journal of one target."""

    def __init__(self, path: Path) -> None:
        """The journal kept in `path`; the file is made on the first entry."""
        self.path = path

    def append(self, event: str, run_id: str, **details: Any) -> None:
        """Write one entry and have it on the disk before returning."""
        append_line(self.path, {"at": stamp(utc_now()), "event": event, "run_id": run_id, **details})

    def entries(self) -> list[Entry]:
        """All entries, oldest first. A line that a killed writer left broken is passed over."""
        found: list[Entry] = []
        for fields in read_lines(self.path):
            try:
                found.append(Entry(fields.pop("at"), fields.pop("event"), fields.pop("run_id"), fields))
            except KeyError:
                continue
        return found

    def run_ids(self) -> set[str]:
        """The ids of all runs that ever started."""
        return {entry.run_id for entry in self.entries()}

    def unfinished(self) -> list[Entry]:
        """The starts of runs that never wrote how they ended: they were killed."""
        entries = self.entries()
        ended = {entry.run_id for entry in entries if entry.event in ENDS}
        return [entry for entry in entries if entry.event == STARTED and entry.run_id not in ended]

    def last_runs(self, count: int) -> list[Entry]:
        """How the last runs and rollbacks ended, newest first."""
        return [entry for entry in reversed(self.entries()) if entry.event != STARTED][:count]

    def lineage(self) -> list[str]:
        """The published runs that led to the current version, oldest first.

        What a rollback went away from is no history of what followed; going forward to it again makes it one.
        """
        lines: dict[str, list[str]] = {}
        current: list[str] = []
        for entry in self.entries():
            if entry.event == PUBLISHED:
                current = [*current, entry.run_id]
                lines[entry.run_id] = current
            elif entry.event == ROLLED_BACK:
                current = lines.get(entry.run_id, [entry.run_id])
        return current
