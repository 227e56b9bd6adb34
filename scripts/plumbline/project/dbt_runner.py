"""Run dbt as a process of its own, follow its log line by line and read what became of each node."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from plumbline.project.redact import redacted

OnNode = Callable[[int, int, str, str], None]
"""Called with (nodes done, nodes in all, unique id, status) as nodes finish."""

TEST_KINDS = frozenset({"test", "unit_test"})
FAILED_STATUSES = frozenset({"error", "fail", "runtime error", "partial success"})
_FIRST_COMMENT = re.compile(r"\s*(?:\{\{\s*config\(.*?\)\s*\}\}\s*)?((?:--[^\n]*(?:\n|$))+)", re.DOTALL)
# What dbt says at its end: of an older run in the same folder they would be taken for what a run that died has done.
_WRITTEN = ("run_results.json", "manifest.json")
_FINISHED_EVENTS = frozenset({"SkippingDetails", "LogSkipBecauseError", "MarkSkippedChildren"})


@dataclass(frozen=True)
class NodeResult:
    """What became of one node of the graph."""

    unique_id: str
    status: str
    message: str
    failures: int
    seconds: float
    says: str = ""
    """Of a data test that found something: what it says of itself, which is what it finds and how to mend it."""

    @property
    def kind(self) -> str:
        """model, seed, test, unit_test …"""
        return self.unique_id.split(".", 1)[0]

    @property
    def name(self) -> str:
        """The node's name, without the hash that dbt appends to tests."""
        parts = self.unique_id.split(".")
        return ".".join(parts[2:3]) if self.kind == "test" else ".".join(parts[2:])

    @property
    def is_test(self) -> bool:
        """Whether the node is a data test or a unit test."""
        return self.kind in TEST_KINDS

    @property
    def has_failed(self) -> bool:
        """Whether the node errored or its test failed."""
        return self.status in FAILED_STATUSES


@dataclass(frozen=True)
class DbtOutcome:
    """How a dbt process ended."""

    return_code: int
    nodes: list[NodeResult] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    target_path: Path = Path()

    @property
    def failed_nodes(self) -> list[NodeResult]:
        """Models and seeds that did not build."""
        return [node for node in self.nodes if node.has_failed and not node.is_test]

    @property
    def failed_tests(self) -> list[NodeResult]:
        """Tests that failed, or could not run."""
        return [node for node in self.nodes if node.has_failed and node.is_test]

    @property
    def warned_tests(self) -> list[NodeResult]:
        """Tests that found something they only warn about."""
        return [node for node in self.nodes if node.status == "warn"]

    def count(self, kind: str, status: str | None = None) -> int:
        """How many nodes of a kind there are, or ended with a status."""
        return sum(1 for node in self.nodes if node.kind == kind and status in (None, node.status))


def run_dbt(
    root: Path,
    arguments: Sequence[str],
    *,
    target: str,
    target_path: Path,
    environment: Mapping[str, str] | None = None,
    on_node: OnNode | None = None,
    keep_open: Sequence[int] = (),
) -> DbtOutcome:
    """Run `dbt <arguments>` with its own target path; `keep_open` are descriptors that dbt shall hold too.

    The log goes to `<target path>/dbt.log` without values of the data. An exception in here (a signal, for
    one) kills the process before it passes on: what dbt writes is disposable.
    """
    target_path.mkdir(parents=True, exist_ok=True)
    for name in _WRITTEN:
        (target_path / name).unlink(missing_ok=True)
    read_end, write_end = os.pipe()
    command = [
        *(sys.executable, "-m", "plumbline.project.dbt_child", str(read_end)),
        *("--no-use-colors", "--no-send-anonymous-usage-stats", "--log-path", str(target_path / "logs")),
        *arguments,
        *("--project-dir", str(root), "--profiles-dir", str(root)),
        *("--target", target, "--target-path", str(target_path)),
    ]
    try:
        process = subprocess.Popen(
            command,
            cwd=root,
            env=_environment(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            pass_fds=(read_end, *keep_open),
            start_new_session=True,
        )
        try:
            with (target_path / "dbt.log").open("w", encoding="utf-8") as log:
                errors = _follow(process, log, on_node)
            return_code = process.wait()
        finally:
            _kill(process)
    finally:
        os.close(read_end)
        os.close(write_end)
    return DbtOutcome(return_code, _read_results(target_path / "run_results.json"), errors, target_path)


def _environment(additions: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DBT_TARGET_PATH"}
    package_folder = str(Path(__file__).resolve().parents[2])
    search_path = kept.get("PYTHONPATH", "")
    return {
        **kept,
        "PYTHONPATH": f"{package_folder}{os.pathsep}{search_path}" if search_path else package_folder,
        "PYTHONUNBUFFERED": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        **additions,
    }


def _kill(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _follow(process: subprocess.Popen[str], log: TextIO, on_node: OnNode | None) -> list[str]:
    errors: list[str] = []
    done, total = 0, 0
    assert process.stdout is not None
    for line in process.stdout:
        event = _event(line)
        if event is None:
            log.write(redacted(line))
            log.flush()
            continue
        message, node = redacted(event.get("msg", "")), event.get("unique_id")
        if message.strip():
            log.write(f"{event.get('ts', '')} {event.get('level', '')} {message}\n")
            log.flush()
        name = event["name"]
        if event.get("level") == "error" and not node:
            errors.append(message.strip())
        if on_node and node and _is_finish(name) and event.get("index") is not None:
            done += 1
            total = int(event.get("total") or total)
            on_node(done, total, node, event.get("status", ""))
        elif on_node and name == "LogStartLine":
            total = int(event.get("total") or total)
            on_node(done, total, node or "", "started")
    return [error for error in errors if error]


def _is_finish(name: str) -> bool:
    return name in _FINISHED_EVENTS or (name.startswith("Log") and name.endswith("Result"))


def _event(line: str) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except json.JSONDecodeError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("name"), str) else None


def _read_results(path: Path) -> list[NodeResult]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError):
        return []
    for result in content["results"]:
        result["message"] = redacted(str(result.get("message") or ""))
    path.write_text(json.dumps(content), encoding="utf-8")
    found = [str(result["unique_id"]) for result in content["results"] if result.get("failures")]
    sayings = _sayings(path.with_name("manifest.json"), found)
    return [
        NodeResult(
            unique_id=str(result["unique_id"]),
            status=str(result["status"]),
            message=result["message"],
            failures=int(result.get("failures") or 0),
            seconds=float(result.get("execution_time") or 0.0),
            says=sayings.get(str(result["unique_id"]), ""),
        )
        for result in content["results"]
    ]


def _sayings(manifest: Path, unique_ids: Sequence[str]) -> dict[str, str]:
    """What the nodes say of themselves in dbt's manifest: their first comment, else their description."""
    if not unique_ids:
        return {}
    try:
        nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    except (OSError, ValueError, KeyError):
        return {}
    found = {unique_id: nodes.get(unique_id, {}) for unique_id in unique_ids}
    return {
        unique_id: first_comment(str(node.get("raw_code", ""))) or " ".join(str(node.get("description", "")).split())
        for unique_id, node in found.items()
    }


def first_comment(sql: str) -> str:
    """The comment at the head of a node's SQL on one line, or nothing; a `config` call may stand before it."""
    match = _FIRST_COMMENT.match(sql)
    return " ".join(line.removeprefix("--").strip() for line in match[1].splitlines()) if match else ""
