"""Show how far a run is: one line per stage, and how many nodes are done. Only names of models are shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

Write = Callable[[str], None]
_EVERY_SECONDS = 5.0


class Progress(Protocol):
    """What a run tells while it goes."""

    def stage(self, text: str) -> None:
        """A stage begins."""

    def note(self, text: str) -> None:
        """Something worth knowing."""

    def node(self, done: int, total: int, unique_id: str, status: str) -> None:
        """dbt started or finished a node."""


class Silent:
    """Shows nothing."""

    def stage(self, text: str) -> None:
        """Show nothing."""

    def note(self, text: str) -> None:
        """Show nothing."""

    def node(self, done: int, total: int, unique_id: str, status: str) -> None:
        """Show nothing."""


class Lines:
    """Writes lines: each stage, each failure at once, and the count every few seconds."""

    def __init__(self, write: Write, clock: Callable[[], float] = time.monotonic) -> None:
        """Write with `write`; `clock` tells seconds."""
        self._write = write
        self._clock = clock
        self._last = clock()
        self._start = clock()

    def stage(self, text: str) -> None:
        """Write the stage with the time since the start."""
        self._write(f"[{self._clock() - self._start:5.1f} s] {text}")

    def note(self, text: str) -> None:
        """Write the note, indented."""
        self._write(f"          {text}")

    def node(self, done: int, total: int, unique_id: str, status: str) -> None:
        """Write a failure at once, the count every few seconds."""
        if status in ("error", "fail", "warn"):
            self._write(f"          {status}: {unique_id}")
        now = self._clock()
        if status != "started" and total and (now - self._last >= _EVERY_SECONDS or done == total):
            self._last = now
            self._write(f"          {done} of {total} nodes")
