"""Run checks over a project: compile it, look, and return what was found."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict, Field

from plumbline.project.dbt_runner import run_dbt
from plumbline.project.errors import BuildError
from plumbline.project.settings import DEV_DATABASE_VARIABLE, RAW_VARIABLE
from plumbline.quality.checks.model import Check, Project, Published


class Found(BaseModel):
    """One violation of one check."""

    model_config = ConfigDict(frozen=True)

    code: str
    where: str
    what: str


class Outcome(BaseModel):
    """What all checks found, for `--json`."""

    model_config = ConfigDict(frozen=True)

    outcome_version: int = 1
    checked: list[str]
    skipped: list[str] = Field(description="Checks that look at a published build of the sample, where there is none.")
    violations: list[Found]


def run_checks(project: Project, checks: Iterable[Check]) -> Outcome:
    """Run the checks on a project."""
    wanted = list(checks)
    skipped = [check for check in wanted if check.needs_published and project.published is None]
    ran = [check for check in wanted if check not in skipped]
    return Outcome(
        checked=[check.code for check in ran],
        skipped=[check.code for check in skipped],
        violations=[
            Found(code=check.code, where=violation.where, what=violation.what)
            for check in ran
            for violation in check.find(project)
        ],
    )


def compiled_project(
    root: Path, published: Published | None, term_values: frozenset[tuple[str, str]] = frozenset()
) -> Project:
    """The project as dbt compiles it without looking at any data: every declared raw table counts as present."""
    with tempfile.TemporaryDirectory(prefix="plumbline-check-") as name:
        folder = Path(name)
        # An empty file stands in for the raw data, a file of its own for the database: a loader may hold the real ones.
        environment = {RAW_VARIABLE: str(folder / "raw.duckdb"), DEV_DATABASE_VARIABLE: str(folder / "marts.duckdb")}
        duckdb.connect(environment[RAW_VARIABLE]).close()
        outcome = run_dbt(
            root,
            ["compile", "--no-introspect", "--no-populate-cache"],
            target="dev",
            target_path=folder / "target",
            environment=environment,
        )
        if outcome.return_code != 0:
            raise BuildError(
                "dbt does not compile the project:\n" + "\n".join(outcome.errors[:5]), "Run `dbt compile`."
            )
        manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    return Project(root, manifest, term_values, published)


def published_sample(folder: Path, truth: Path) -> Published | None:
    """A published version, if the truth about the sample company that it was built from is at hand."""
    if not (folder / "marts.duckdb").is_file() or not truth.is_file():
        return None
    with duckdb.connect(str(truth), read_only=True) as connection:
        values = connection.execute("select value from truth_canaries order by 1").fetchall()
    return Published(Path(os.path.realpath(folder)), [str(value) for (value,) in values])
