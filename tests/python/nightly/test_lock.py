"""One run at a time; a dead process holds nothing."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from plumbline.nightly.lock import Holder, RunLock, lock_state, read_holder
from plumbline.project.errors import BusyError, PublishError

HOLD = """
import sys
from pathlib import Path
from plumbline.nightly.lock import RunLock
with RunLock(Path(sys.argv[1]), "nightly prod"):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(path: Path) -> subprocess.Popen[str]:
    """A process that holds the lock until its standard input closes."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_run_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "state" / "lock"
    holder = hold(path)
    with pytest.raises(BusyError, match=rf"busy: nightly prod \(pid {holder.pid} on .*, since 20") as caught:
        RunLock(path, "second").__enter__()
    assert caught.value.exit_code == 4
    seen = lock_state(path)
    assert seen is not None and seen.pid == holder.pid and not seen.is_dead
    holder.communicate("")
    assert lock_state(path) is None
    with RunLock(path, "third"):
        assert read_holder(path) is not None
    assert read_holder(path) is None


def test_the_lock_of_a_killed_process_is_free_at_once(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    holder = hold(path)
    holder.kill()
    holder.communicate()
    stale = read_holder(path)
    assert stale is not None and stale.pid == holder.pid and stale.is_dead
    assert lock_state(path) is None
    with RunLock(path, "next"):
        seen = lock_state(path)
        assert seen is not None and seen.doing == "next" and seen.pid == os.getpid()


def test_a_child_that_keeps_the_descriptor_keeps_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with RunLock(path, "parent") as lock:
        child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=[lock.descriptor])
    assert lock_state(path) is not None
    child.communicate(b"")
    assert lock_state(path) is None


def test_a_lock_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder belongs")
    with pytest.raises(PublishError, match=r"the lock .*state/lock cannot be opened"):
        RunLock(tmp_path / "state" / "lock", "nightly").__enter__()


def test_of_another_machine_nothing_is_assumed_dead(tmp_path: Path) -> None:
    assert not Holder(2**22 + 1, "elsewhere.example", "2026-01-01T00:00:00Z", "nightly").is_dead
    assert Holder(2**22 + 1, socket.gethostname(), "2026-01-01T00:00:00Z", "nightly").is_dead
    (tmp_path / "lock").write_text(json.dumps({"pid": "?"}))
    assert read_holder(tmp_path / "lock") is None
    with RunLock(tmp_path / "lock", "after nonsense"):
        pass
