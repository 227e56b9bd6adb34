"""SIGTERM and Ctrl-C stop a run between two steps, never in the middle of making a version current."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any


class Stopped(BaseException):
    """Raised in the main thread by a signal. Like KeyboardInterrupt, no `except Exception` swallows it."""

    def __init__(self, signal_number: int) -> None:
        """Remember which signal it was."""
        super().__init__(signal.Signals(signal_number).name)
        self.signal_number = signal_number


class Interrupts:
    """While inside `with`, SIGTERM and SIGINT raise `Stopped`; inside `shielded()` they wait."""

    signals = (signal.SIGTERM, signal.SIGINT)

    def __init__(self) -> None:
        """Nothing has been asked yet."""
        self._pending: int | None = None
        self._shields = 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            for number in self.signals:
                self._before[number] = signal.signal(number, self._handle)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self._shields or self._pending is not None:
            self._pending = self._pending or number
            return
        self._pending = number
        raise Stopped(number)

    @contextmanager
    def shielded(self) -> Iterator[None]:
        """Hold signals back; `check` raises what came meanwhile."""
        self._shields += 1
        try:
            yield
        finally:
            self._shields -= 1

    def check(self) -> None:
        """Raise the signal that was held back, if one was."""
        if self._pending is not None:
            raise Stopped(self._pending)
