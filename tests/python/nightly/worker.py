"""Runs a night in a child per line: `{"at": step, "signal": number, "number": n, "limit": bytes}`."""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

from nightly.toolkit import FakeBuild, run
from plumbline.project.errors import PlumblineError, exit_code_of


def _child(root: Path, wanted: dict[str, object], answers: int) -> None:
    def on_step(step: str) -> None:
        if step != wanted["at"]:
            return
        if "limit" in wanted:
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(str(wanted["limit"])),) * 2)
        if "signal" in wanted:
            os.kill(os.getpid(), int(str(wanted["signal"])))

    try:
        run(root, FakeBuild(number=int(str(wanted["number"]))), on_step=on_step)
    except PlumblineError as error:
        os.write(answers, str(error).encode())
        os._exit(exit_code_of(error))
    os._exit(0)


def main() -> None:
    """Serve until standard input closes."""
    root = Path(sys.argv[1])
    for line in sys.stdin:
        read_end, write_end = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read_end)
            _child(root, json.loads(line), write_end)
        os.close(write_end)
        with os.fdopen(read_end) as handle:
            message = handle.read()
        _, status = os.waitpid(child, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status), "message": message}), flush=True)


if __name__ == "__main__":
    main()
