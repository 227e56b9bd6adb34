"""Measure a program from outside: CPU seconds, wall seconds, peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from plumbline.project.errors import BuildError

_KILOBYTES_PER_MEGABYTE = 1024 if sys.platform != "darwin" else 1024 * 1024


@dataclass(frozen=True)
class Cost:
    """What a step took: seconds of all its threads and children, seconds on the clock, MiB resident at most."""

    cpu_seconds: float
    wall_seconds: float
    peak_mb: float


def measured(command: Sequence[str], *, folder: Path, log: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end; its output goes to `log`. Raises BuildError when it fails."""
    with log.open("wb") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        # wait4 and not getrusage: the peak of this child alone, not of all children so far.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])
        raise BuildError(f"{' '.join(command[:4])} … ended with {process.returncode}:\n{tail}", f"Its output: {log}")
    return Cost(
        round(usage.ru_utime + usage.ru_stime, 2), round(wall, 2), round(usage.ru_maxrss / _KILOBYTES_PER_MEGABYTE, 1)
    )
