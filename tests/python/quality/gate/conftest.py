"""The gate on the sample company's marts: a small copy to violate, and what one published version showed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from plumbline.project.settings import ModelVariables
from plumbline.quality.gate.accepted import Accepted
from plumbline.quality.gate.gate import Case, Verdict, judge
from plumbline.quality.gate.history import GateRun, History, read_runs
from plumbline.quality.gate.suites import Check, Suite, load_suites

if TYPE_CHECKING:
    from conftest import BuiltProject

ROOT = Path(__file__).resolve().parents[4]
NOW = datetime(2026, 7, 1)


@dataclass(frozen=True)
class Bench:
    """A candidate that tests may break, the published version, and the history up to it."""

    candidate: Path
    published: Path
    history: History
    suites: list[Suite]

    @property
    def week(self) -> History:
        """The history as if a week of nights had seen what the published version showed."""
        (run,) = self.history.runs
        nights = [GateRun(str(day), f"2026-06-{day}T00:00:00Z", run.checks) for day in range(20, 27)]
        return History(nights, [night.run_id for night in nights], 7)

    def check(self, name: str) -> Check:
        """A check of the project by its name."""
        return next(check for suite in self.suites for check in suite.checks if check.name == name)

    def judge(self, *checks: Check, accepted: list[Accepted] | None = None, history: History | None = None) -> Verdict:
        """Judge the candidate with Great Expectations in this process, by some checks only."""
        from plumbline.quality.gate.child import evaluate

        case = Case(
            self.candidate,
            spill=self.candidate.parent / "spill",
            published=self.published,
            history=self.history if history is None else history,
            moment=NOW,
            accepted=accepted or [],
            configured=ModelVariables().configured_instances,
        )
        return judge([Suite("suite", list(checks))], case, evaluate)

    def run(self, sql: str) -> None:
        """Change the candidate."""
        with duckdb.connect(str(self.candidate)) as connection:
            connection.execute(sql)


@pytest.fixture(scope="session")
def small_marts(built_project: BuiltProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The marts and row counts of the sample company's work file, without what they were made of."""
    path = tmp_path_factory.mktemp("marts") / "marts.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"attach '{built_project.database}' as built (read_only)")
        connection.execute("create schema staging")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'built' "
            "and (schema_name = 'main' or table_name like '%\\_\\_row_counts' escape '\\')"
        ).fetchall()
        for schema, table in tables:
            connection.execute(f"create table {schema}.{table} as from built.{schema}.{table}")
    return path


@pytest.fixture
def bench(built_project: BuiltProject, small_marts: Path, tmp_path: Path) -> Bench:
    """A bench of one's own."""
    candidate = tmp_path / "candidate.duckdb"
    shutil.copyfile(small_marts, candidate)
    paths = built_project.report.paths
    history = History(read_runs(paths.checks), [built_project.report.run_id], 7)
    return Bench(candidate, built_project.published / "marts.duckdb", history, load_suites(ROOT / "quality"))
