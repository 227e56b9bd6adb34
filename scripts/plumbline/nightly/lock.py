"""One run at a time for each target: a lock that the operating system frees when its holder dies."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from plumbline.nightly.clock import stamp, utc_now
from plumbline.project.errors import BusyError, PublishError

DYING_SECONDS = 10.0
_RETRY_SECONDS = 0.05


@dataclass(frozen=True)
class Holder:
    """Who holds, or last held, a lock."""

    pid: int
    host: str
    started: str
    doing: str

    @property
    def is_dead(self) -> bool:
        """Whether the process is known to be gone; of another machine's process nothing is known."""
        if self.host != socket.gethostname():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return _is_zombie(self.pid)

    def __str__(self) -> str:
        return f"{self.doing} (pid {self.pid} on {self.host}, since {self.started})"


class RunLock:
    """The lock of a target, held while inside `with`. Children given `descriptor` hold it along."""

    def __init__(self, path: Path, doing: str) -> None:
        """A lock kept in `path` by this process, which is `doing` something."""
        self.path = path
        self.doing = doing
        self._descriptor: int | None = None

    @property
    def descriptor(self) -> int:
        """The open file that carries the lock."""
        assert self._descriptor is not None, "the lock is not held"
        return self._descriptor

    def __enter__(self) -> RunLock:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise PublishError(
                f"the lock {self.path} cannot be opened: {error.strerror}",
                "Give this user write access to that folder; nothing was touched.",
            ) from error
        try:
            self._acquire(descriptor)
            holder = Holder(os.getpid(), socket.gethostname(), stamp(utc_now()), self.doing)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(asdict(holder)).encode(), 0)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        descriptor, self._descriptor = self.descriptor, None
        try:
            os.ftruncate(descriptor, 0)
        finally:
            os.close(descriptor)

    def _acquire(self, descriptor: int) -> None:
        deadline = time.monotonic() + DYING_SECONDS
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                holder = read_holder(self.path)
                # A killed run's dbt holds the lock for the moment that it needs to notice and die.
                dying = holder is None or holder.is_dead
                if not dying or time.monotonic() > deadline:
                    raise BusyError(
                        f"busy: {holder or 'another process'} holds {self.path}",
                        "Wait until it ends, or stop that process; nothing was touched.",
                    ) from None
                time.sleep(_RETRY_SECONDS)


def read_holder(path: Path) -> Holder | None:
    """Who the lock file names, if anyone."""
    try:
        return Holder(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def lock_state(path: Path) -> Holder | None:
    """Who holds the lock at this moment, without taking it for longer than a look."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return read_holder(path) or Holder(0, "unknown host", "unknown time", "another process")
    else:
        return None
    finally:
        os.close(descriptor)


def _is_zombie(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[:1] == ["Z"]
