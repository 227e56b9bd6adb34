"""The journal: one line of JSON for each start and end of a run and each rollback, only ever appended to."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plumbline.nightly.clock import stamp, utc_now
from plumbline.nightly.durable import sync_folder

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
        self.path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not self.path.exists()
        line = json.dumps({"at": stamp(utc_now()), "event": event, "run_id": run_id, **details}, ensure_ascii=False)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        try:
            size = os.fstat(descriptor).st_size
            # A killed writer may have left half a line: start on a line of our own.
            broken = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            data = (("\n" if broken else "") + line + "\n").encode()
            while data:
                data = data[os.write(descriptor, data) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if is_new:
            sync_folder(self.path.parent)

    def entries(self) -> list[Entry]:
        """All entries, oldest first. A line that a killed writer left broken is passed over."""
        try:
            text = self.path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return []
        found: list[Entry] = []
        for line in text.splitlines():
            try:
                fields = json.loads(line)
                entry = Entry(fields.pop("at"), fields.pop("event"), fields.pop("run_id"), fields)
            except (ValueError, KeyError, AttributeError, TypeError):
                continue
            found.append(entry)
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
