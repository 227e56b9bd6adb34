"""A small project and a build without dbt, for tests of what surrounds a build."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from plumbline.config.dbt_files import BEGIN, END
from plumbline.nightly.builder import BuildPlan
from plumbline.nightly.journal import Entry, Journal
from plumbline.nightly.manifest import Manifest, read_manifest
from plumbline.nightly.progress import Progress
from plumbline.nightly.run import Night, Report, run_night
from plumbline.nightly.verify import problems_of
from plumbline.nightly.versions import Versions
from plumbline.project.dbt_runner import DbtOutcome, NodeResult
from plumbline.project.errors import PublishError
from plumbline.project.paths import TargetPaths
from plumbline.project.settings import load_settings

SOURCES = """
version: 2
sources:
  - name: salesforce
    tables:
      - name: account
        config: {meta: {required_rows: true}}
        columns:
          - {name: id, data_type: string, config: {meta: {required: true}}}
          - {name: name, data_type: string, config: {meta: {required: true}}}
          - {name: industry, data_type: string}
      - name: opportunity
        config: {meta: {required_rows: true}}
        columns:
          - {name: id, data_type: string, config: {meta: {required: true}}}
          - {name: stage_name, data_type: string, config: {meta: {required: true}}}
          - {name: amount, data_type: number, config: {meta: {required: true, also: [deal_value]}}}
      - name: task
        columns:
          - {name: id, data_type: string, config: {meta: {required: true}}}
  - name: gong
    tables:
      - name: call
        config: {meta: {required_rows: true}}
        columns:
          - {name: id, data_type: string, config: {meta: {required: true}}}
"""
PROJECT = (
    """
name: small
vars:
  """
    + BEGIN
    + """
  """
    + END
    + """
"""
)
MODELS = """
models:
  raw_instances:
    salesforce: [{name: main, schema: salesforce}]
    gong: [{name: main, schema: gong}]
  raw_column_names: {}
"""


def make_project(root: Path, settings: str = "") -> Path:
    """A project folder with two declared systems and raw data of one of them."""
    staging = root / "models" / "staging" / "salesforce"
    staging.mkdir(parents=True)
    (staging / "_salesforce__sources.yml").write_text(SOURCES)
    (root / "dbt_project.yml").write_text(PROJECT)
    (root / "plumbline.yml").write_text(settings + MODELS)
    (root / "data").mkdir()
    (root / "data" / "raw.duckdb").write_bytes(_raw_data())
    return root


@cache
def _raw_data() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "raw.duckdb"
        with duckdb.connect(str(file)) as connection:
            connection.execute("create schema salesforce")
            connection.execute("create table salesforce.account as select 'a1' as Id, 'Acme' as Name")
            connection.execute("create table salesforce.opportunity as select 'o1' id, 'Won' StageName, 5 as Amount")
        return file.read_bytes()


@dataclass
class FakeBuild:
    """Writes two marts that carry the same number in every row, so that a torn version would show."""

    number: int = 1
    rows: int = 200
    failed: list[NodeResult] = field(default_factory=list)

    def __call__(self, plan: BuildPlan, progress: Progress) -> DbtOutcome:
        with duckdb.connect(str(plan.work_file)) as connection:
            connection.execute("create schema intermediate")
            connection.execute("create table intermediate.as_of as select date '2026-01-31' as as_of_date")
            connection.execute(
                "create table marts.main.dim_accounts (account_key bigint primary key, number integer, name varchar)"
            )
            connection.execute(
                "insert into marts.main.dim_accounts select (i * 7919) % 100003, ?, 'Account ' || i from range(?) r(i)",
                [self.number, self.rows],
            )
            connection.execute(
                """
                create table marts.main.fct_opportunities as
                select i % 50 as account_key, ? as number, cast(i * 1.25 as decimal(18, 2)) as amount,
                    case when i % 3 = 0 then null else timestamp '2025-01-01' + to_hours(i) end as won_at,
                    case when i % 10 = 0 then 'unmapped' else 'won' end as stage_category,
                    cast(i as hugeint) * 10 as big
                from range(?) r(i)
                """,
                [self.number, self.rows],
            )
            connection.execute("create table intermediate.secrets as select 'not to be published' as text")
        passed = [
            NodeResult("model.small.dim_accounts", "success", "", 0, 0.1),
            NodeResult("test.small.unique_account_key.abc", "pass", "", 0, 0.1),
        ]
        return DbtOutcome(1 if self.failed else 0, [*passed, *self.failed], [], plan.target_path)


def verify_here(folder: Path) -> None:
    """The same proof without the cost of a fresh process."""
    if problems := problems_of(folder):
        raise PublishError("; ".join(problems))


def no_operations(*_: object) -> None:
    """No tables about runs: a publish of marts alone is enough for what surrounds it."""


def night(root: Path, build: FakeBuild | None = None, **changes: object) -> Night:
    """A night of the small project."""
    made = Night(
        root, load_settings(root), "prod", build=build or FakeBuild(), verify=verify_here, operations=no_operations
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def run(root: Path, build: FakeBuild | None = None, **changes: object) -> Report:
    """Run a night of the small project."""
    return run_night(night(root, build, **changes))


def paths_of(root: Path) -> TargetPaths:
    """The paths of the small project's target prod."""
    return TargetPaths.of(root, load_settings(root), "prod")


def journal_of(root: Path) -> list[Entry]:
    """The journal of the small project."""
    return Journal(paths_of(root).journal).entries()


def current_manifest(root: Path) -> Manifest | None:
    """The manifest of the current version, proven whole."""
    versions = Versions(paths_of(root).published)
    version = versions.current()
    if version is None:
        return None
    assert problems_of(versions.path(version)) == []
    return read_manifest(versions.path(version))


def published_number(root: Path) -> int | None:
    """The number that the current version carries in all its rows, read as a reader would."""
    database = paths_of(root).published / "current" / "marts.duckdb"
    if not database.exists():
        return None
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            "select distinct number from marts.main.dim_accounts "
            "union select distinct number from marts.main.fct_opportunities"
        ).fetchall()
    assert len(rows) == 1
    return int(rows[0][0])


def steps_of(root: Path) -> list[str]:
    """The names of all steps of a night, in order, found by running one."""
    seen: list[str] = []
    run(root, on_step=seen.append)
    return seen


@contextmanager
def worker(root: Path) -> Iterator[Callable[..., dict[str, object]]]:
    """A process that runs each night asked for in a child of its own and tells how the child ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "nightly.worker", str(root)],
        cwd=Path(__file__).resolve().parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert process.stdin is not None and process.stdout is not None
    stdin, stdout = process.stdin, process.stdout

    def ask(**wanted: object) -> dict[str, object]:
        stdin.write(json.dumps(wanted) + "\n")
        stdin.flush()
        answer: dict[str, object] = json.loads(stdout.readline())
        return answer

    try:
        yield ask
    finally:
        stdin.close()
        process.wait()
        stdout.close()
