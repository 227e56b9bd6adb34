"""Run dbt inside the test process: importing it takes seconds, an invocation after that tenths of one.

What bites, and what this does about it:
- dbt-duckdb keeps the database open after a run, so that the next `duckdb.connect` in this process fails with
  "different configuration", and other processes find the file locked. `close_all_connections` lets go of it.
- A changed environment variable or `--vars` makes dbt parse the whole project again. Callers that run several
  times therefore keep the paths and the variables, and put other raw data at the same path.
- dbt keeps settings in the process. Everything that matters is passed with each call.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
# An empty folder, so to say: nothing is attached.
NOWHERE = "nowhere"


@dataclass(frozen=True)
class DbtRun:
    """How an invocation ended: the status of each node by its name, and what went wrong."""

    success: bool
    statuses: dict[str, str]
    messages: dict[str, str]
    exception: BaseException | None

    def explain(self) -> str:
        """The failures in words."""
        failed = [
            f"{name}: {status}: {self.messages.get(name, '')}"
            for name, status in self.statuses.items()
            if status not in ("success", "pass", "warn", "skipped", "no-op")
        ]
        return "\n".join([*failed, *([repr(self.exception)] if self.exception else [])])


def run_dbt(
    arguments: Sequence[str],
    *,
    raw: Path | None,
    database: Path,
    target_path: Path,
    variables: Mapping[str, Any] | None = None,
    threads: int = 2,
    check: bool = True,
    project: Path = ROOT,
) -> DbtRun:
    """Run `dbt <arguments>` on a raw file or folder, building `database` (its stem has to be `marts`).

    Without either the raw schemas are in that database.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    assert database.name == "marts.duckdb", "views hold the name of the file they were built in"
    command = [
        *("--quiet", "--no-use-colors", "--no-send-anonymous-usage-stats", "--log-level-file", "none"),
        *arguments,
        *("--project-dir", str(project), "--profiles-dir", str(project), "--target", "dev"),
        *("--target-path", str(target_path), "--log-path", str(target_path / "logs"), "--threads", str(threads)),
        *(("--vars", json.dumps(variables)) if variables else ()),
    ]
    with _environment(PLUMBLINE_RAW=str(raw or NOWHERE), PLUMBLINE_DEV_DATABASE=str(database)):
        try:
            result = dbtRunner().invoke(command)
        finally:
            DuckDBConnectionManager.close_all_connections()
    results = getattr(result.result, "results", None) or []
    run = DbtRun(
        success=result.success,
        statuses={item.node.name: str(item.status) for item in results},
        messages={item.node.name: str(item.message or "") for item in results},
        exception=result.exception,
    )
    assert run.success or not check, run.explain()
    return run


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
