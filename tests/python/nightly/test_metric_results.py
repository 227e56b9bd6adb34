"""What was published of every metric outlives the version that said it, and only what led to the current one counts."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from nightly.toolkit import FakeBuild, make_project, paths_of, run
from plumbline.nightly import metric_results
from plumbline.nightly.builder import BuildPlan
from plumbline.nightly.journal import Journal
from plumbline.nightly.metric_results import COLUMNS, hand_over, read_results, record_published
from plumbline.nightly.progress import Progress
from plumbline.nightly.rollback import roll_back
from plumbline.nightly.run import Report
from plumbline.nightly.versions import Versions
from plumbline.project.dbt_runner import DbtOutcome

ROOT = Path(__file__).resolve().parents[3]


class MetricBuild(FakeBuild):
    """Adds a figure for each month where it says something else than what it was handed, as the mart does."""

    def __init__(self, **figures: str | None) -> None:
        super().__init__()
        self.figures = figures
        self.handed: list[tuple[Any, ...]] = []

    def __call__(self, plan: BuildPlan, progress: Progress) -> DbtOutcome:
        with duckdb.connect(str(plan.work_file)) as connection:
            texts = ", ".join(f"{name} varchar" for name in COLUMNS)
            connection.execute(f"create table marts.main.fct_metric_results ({texts})")
            if (
                plan.work_file.exists()
                and connection.execute("from duckdb_schemas() where schema_name = 'state'").fetchall()
            ):
                connection.execute("insert into marts.main.fct_metric_results by name from state.metric_results")
            self.handed = connection.execute(
                "select run_id, period_key, metric_value from marts.main.fct_metric_results order by all"
            ).fetchall()
            standing = {period: value for _, period, value in self.handed}
            for period, value in self.figures.items():
                if period not in standing or standing[period] != value:
                    connection.execute(
                        "insert into marts.main.fct_metric_results (metric, basis, period_key, run_id, metric_value) "
                        "values ('pipeline', 'in_force_then', ?, ?, ?)",
                        [period, plan.run_id, value],
                    )
        return super().__call__(plan, progress)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project")


def night(project: Path, **figures: str | None) -> tuple[Report, list[tuple[Any, ...]]]:
    """A night that says these figures, and what it was handed of earlier nights: run, month, figure."""
    build = MetricBuild(**figures)
    return run(project, build), build.handed


def test_a_night_is_handed_what_led_to_the_current_version(project: Path) -> None:
    """A figure stands until another is said; what a rollback went away from was not published."""
    paths = paths_of(project)
    first, handed = night(project, m01="5.0000", m02=None)
    assert handed == []
    said = [(first.run_id, "m01", "5.0000"), (first.run_id, "m02", None)]
    again, handed = night(project, m01="5.0000", m02=None)
    assert (handed, again.changes) == (said, []), "a night that says the same changes nothing"
    third, handed = night(project, m01="6.0000", m02=None)
    assert handed == said
    roll_back(paths, None)
    fourth, handed = night(project, m01="7.0000", m02=None)
    assert handed == said
    kept = read_results(paths.metric_results)
    assert {run_id: len(rows) for run_id, rows in kept.items()} == {
        first.run_id: 2,
        again.run_id: 0,
        third.run_id: 1,
        fourth.run_id: 1,
    }, "no line is ever taken out"


def test_what_could_not_be_written_after_the_flip_is_a_note_and_completed_later(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(metric_results, "append_line", full)
    report, _ = night(project, m01="5.0000")
    assert any("What was published could not be written" in note for note in report.notes)
    monkeypatch.undo()
    paths = paths_of(project)
    for written in ([report.run_id], []):
        lineage = Journal(paths.journal).lineage()
        assert record_published(paths.metric_results, lineage, Versions(paths.published)) == written
    assert len(read_results(paths.metric_results)[report.run_id]) == 1


def test_a_night_killed_between_flip_and_record_is_completed_by_the_next_run(project: Path) -> None:
    class Killed(BaseException):
        """The process is gone: nothing after it runs."""

    def kill(step: str) -> None:
        if step == "in the journal":
            raise Killed

    with pytest.raises(Killed):
        run(project, MetricBuild(m01="5.0000"), on_step=kill)
    assert not paths_of(project).metric_results.exists()
    _, handed = night(project, m01="5.0000")
    assert [row[1:] for row in handed] == [("m01", "5.0000")]


def test_what_older_runs_did_not_know_is_empty_and_a_broken_line_is_passed_over(tmp_path: Path) -> None:
    """A column that an older run did not know is empty, one that nobody knows any more is left out."""
    file = tmp_path / "metric_results.jsonl"
    figures = [
        {
            "same": {"metric": "won", "gone": "x"},
            "columns": ["period_key", "metric_value"],
            "rows": [["m1", "1.5"], ["m2", None]],
        }
    ]
    file.write_text("{broken\n" + json.dumps({"run_id": "R1", "figures": figures}) + "\n")
    hand_over(file, ["R0", "R1"], tmp_path / "marts.duckdb", "state")
    with duckdb.connect(str(tmp_path / "marts.duckdb")) as connection:
        found = connection.execute("select metric, period_key, metric_value, run_id, unit from state.metric_results")
        assert found.fetchall() == [("won", "m1", "1.5", "R1", None), ("won", "m2", None, "R1", None)]


def test_the_state_has_the_columns_that_the_models_read_and_publish() -> None:
    def columns(file: str, model: str) -> list[str]:
        models = yaml.safe_load((ROOT / "models" / file).read_text())["models"]
        [found] = [each for each in models if each["name"] == model]
        return [column["name"] for column in found["columns"]]

    read = columns("utilities/_state__models.yml", "int_metric_results_published")
    assert sorted(read) == sorted(COLUMNS)
    assert set(columns("marts/alignment/_alignment__models.yml", "fct_metric_results")) == {*COLUMNS, "is_standing"}
