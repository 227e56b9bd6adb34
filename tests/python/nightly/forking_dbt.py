"""A process that has imported dbt and forks for each one asked for: importing takes longer than these tests build.

Stands in for `subprocess.Popen` in `plumbline.project.dbt_runner`, which two tests of `test_build.py` run as it is.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LONGEST = 1 << 20


class ForkedDbt:
    """What `dbt_runner` uses of a `Popen`: its output, its number, and how it ended."""

    def __init__(
        self,
        connection: socket.socket,
        command: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        pass_fds: Sequence[int],
        **_: Any,
    ) -> None:
        *_, pipe = command[: command.index("plumbline.project.dbt_child") + 2]
        output, told = os.pipe()
        self._connection = connection
        # first the pipe that tells of the parent's end: in the other process it has another number
        first, *kept = sorted(pass_fds, key=lambda descriptor: descriptor != int(pipe))
        arguments = list(command[command.index(pipe) + 1 :])
        request = json.dumps({"arguments": arguments, "folder": str(cwd), "environment": dict(env)}).encode()
        assert len(request) < LONGEST
        socket.send_fds(connection, [request], [told, first, *kept])
        os.close(told)
        self.stdout = os.fdopen(output, encoding="utf-8", errors="replace")
        self.pid = int(connection.recv(LONGEST))
        self.returncode: int | None = None

    def wait(self) -> int:
        """How it ended."""
        if self.returncode is None:
            self.returncode = int(self._connection.recv(LONGEST))
        return self.returncode

    def poll(self) -> int | None:
        """How it ended, if it has."""
        return self.returncode


@contextmanager
def forking_dbt() -> Iterator[Callable[..., ForkedDbt]]:
    """Starts the process; gives what to call instead of `subprocess.Popen`."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    server = subprocess.Popen(
        [sys.executable, "-m", "nightly.forking_dbt", str(theirs.fileno())],
        cwd=Path(__file__).resolve().parents[1],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        pass_fds=[theirs.fileno()],
    )
    theirs.close()
    try:
        yield lambda command, **how: ForkedDbt(ours, command, **how)
    finally:
        ours.close()
        server.wait()


def _serve(connection: socket.socket) -> None:
    import dbt.cli.main  # noqa: F401 - so that no child has to

    from plumbline.project import dbt_child

    while True:
        request, descriptors, _, _ = socket.recv_fds(connection, LONGEST, 8)
        if not request:
            return
        child = os.fork()
        if child == 0:
            wanted = json.loads(request)
            os.setsid()
            os.environ.clear()
            os.environ.update(wanted["environment"])
            os.chdir(wanted["folder"])
            for standard in (1, 2):
                os.dup2(descriptors[0], standard)
            connection.close()
            code = dbt_child.main([str(descriptors[1]), *wanted["arguments"]])
            sys.stdout.flush()
            os._exit(code)
        for descriptor in descriptors:
            os.close(descriptor)
        connection.send(str(child).encode())
        _, status = os.waitpid(child, 0)
        connection.send(str(os.waitstatus_to_exitcode(status)).encode())


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
