"""Build and test a project into the work file with dbt."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from plumbline.nightly.progress import Progress
from plumbline.project.dbt_runner import DbtOutcome, NodeResult, run_dbt
from plumbline.project.errors import BuildError, FailedTestsError
from plumbline.project.settings import RAW_VARIABLE, RUN_VARIABLE

PARSE_FILE = "partial_parse.msgpack"
_SHOWN = 10


@dataclass(frozen=True)
class BuildPlan:
    """All that a build needs to know."""

    root: Path
    target: str
    raw: Path
    work_file: Path
    target_path: Path
    parse_cache: Path
    lock_descriptor: int | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    run_id: str = "unpublished"


class Builder(Protocol):
    """Fills the work file of a plan and tests it."""

    def __call__(self, plan: BuildPlan, progress: Progress) -> DbtOutcome:
        """Build and test; return what became of each node, failures included."""


def build_with_dbt(plan: BuildPlan, progress: Progress) -> DbtOutcome:
    """`dbt build` in its own process with its own target path, starting from the last night's parse."""
    plan.target_path.mkdir(parents=True, exist_ok=True)
    if plan.parse_cache.is_file():
        shutil.copyfile(plan.parse_cache, plan.target_path / PARSE_FILE)
    outcome = run_dbt(
        plan.root,
        # Unit tests judge the models on rows of their own, whatever the raw data: `make test` runs them.
        ["build", "--exclude-resource-type", "unit_test", "--vars", json.dumps(plan.variables)],
        target=plan.target,
        target_path=plan.target_path,
        environment={
            RAW_VARIABLE: str(plan.raw),
            RUN_VARIABLE: plan.run_id,
            f"PLUMBLINE_{plan.target.upper()}_DATABASE": str(plan.work_file),
        },
        on_node=progress.node,
        keep_open=[] if plan.lock_descriptor is None else [plan.lock_descriptor],
    )
    parse = plan.target_path / PARSE_FILE
    if outcome.nodes and parse.is_file():
        temporary = plan.parse_cache.with_suffix(".new")
        shutil.copyfile(parse, temporary)
        temporary.replace(plan.parse_cache)
    return outcome


def require_success(outcome: DbtOutcome, root: Path, work_file: Path) -> None:
    """Raise BuildError or FailedTestsError unless everything was built and every test held."""
    where = _shown(outcome.target_path, root)
    if outcome.failed_nodes:
        raise BuildError(
            f"{_count(outcome.failed_nodes, 'model or seed', 'models or seeds')} did not build:\n"
            + _listed(outcome.failed_nodes),
            f"Nothing was published. dbt's log: {where}/dbt.log; the SQL as it ran: {where}/run",
        )
    if outcome.failed_tests:
        raise FailedTestsError(
            f"{_count(outcome.failed_tests, 'test', 'tests')} failed:\n" + _listed(outcome.failed_tests),
            f"Nothing was published. To see the rows, run a test's SQL from {where}/compiled on the work file "
            f"{_shown(work_file, root)} before the next night starts.",
        )
    if outcome.return_code != 0 or not outcome.nodes:
        reasons = "\n".join(outcome.errors[:_SHOWN]) or f"dbt ended with code {outcome.return_code} without a reason"
        raise BuildError(f"dbt did not build the project:\n{reasons}", f"Nothing was published. Log: {where}/dbt.log")


def _count(nodes: Sequence[NodeResult], one: str, many: str) -> str:
    return f"{len(nodes)} {one if len(nodes) == 1 else many}"


def _listed(nodes: Sequence[NodeResult]) -> str:
    lines = []
    for node in nodes[:_SHOWN]:
        message = " ".join(node.message.split())[:300]
        lines.append(f"- {node.name}: {message or node.status}")
        if node.says:
            lines.append(f"  {node.says}")
    if len(nodes) > _SHOWN:
        lines.append(f"- and {len(nodes) - _SHOWN} more")
    return "\n".join(lines)


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
