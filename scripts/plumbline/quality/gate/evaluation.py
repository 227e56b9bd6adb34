"""Great Expectations in a process of its own.

Importing it takes seconds, so it is started beside the build and waits for its request; where the build fails,
or the run dies, it goes without having done anything.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from plumbline.project.errors import ChecksBrokenError
from plumbline.project.redact import redacted

Evaluate = Callable[[dict[str, Any]], list[dict[str, Any]]]
"""Answers a request: for each of its items whether it holds, what was seen, and the error where it raised."""


class GreatExpectations:
    """The process, from `with` on; calling it hands over the request and waits for the answers."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> GreatExpectations:
        package_folder = str(Path(__file__).resolve().parents[3])
        search_path = os.pathsep.join(part for part in (package_folder, os.environ.get("PYTHONPATH", "")) if part)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "plumbline.quality.gate.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": search_path, "GX_ANALYTICS_ENABLED": "false"},
            # A Ctrl-C reaches the night, which ends this process in its own time.
            start_new_session=True,
        )
        return self

    def __call__(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        """The answers; a ChecksBrokenError where there are none."""
        assert self._process is not None
        output, errors = self._process.communicate(json.dumps(request))
        try:
            answers: list[dict[str, Any]] = json.loads(output)
        except ValueError as error:
            lines = errors.strip().splitlines()
            raise ChecksBrokenError(
                f"the quality gate could not run: {redacted(lines[-1])[:300] if lines else 'no reason given'}",
                "Nothing was published. Check memory and the installation ('make install'), then run again.",
            ) from error
        return answers

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()
