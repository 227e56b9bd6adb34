"""The night hands its settings to dbt, and says when plain dbt would see others."""

from __future__ import annotations

from pathlib import Path

import pytest

from nightly.toolkit import FakeBuild, make_project, run
from plumbline.config.apply import apply
from plumbline.config.dbt_files import BEGIN, END
from plumbline.nightly.builder import BuildPlan
from plumbline.nightly.progress import Progress
from plumbline.project.dbt_runner import DbtOutcome
from plumbline.project.settings import load_settings


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = make_project(tmp_path / "project")
    (root / "profiles.yml").write_text(f"{BEGIN}\n{END}\n")
    return root


class SeenBuild(FakeBuild):
    """Keeps the plan that it was given."""

    plan: BuildPlan

    def __call__(self, plan: BuildPlan, progress: Progress) -> DbtOutcome:
        self.plan = plan
        return super().__call__(plan, progress)


def set_week_start(project: Path, day: str) -> None:
    kept = (project / "plumbline.yml").read_text().partition("  week_start:")[0]
    (project / "plumbline.yml").write_text(f"{kept}  week_start: {day}\n")


def test_the_night_says_when_plain_dbt_would_see_other_settings(project: Path) -> None:
    set_week_start(project, "sunday")
    apply(project, load_settings(project))
    assert run(project).notes == []
    set_week_start(project, "saturday")
    build = SeenBuild()
    assert run(project, build).notes == [
        "Plain dbt would see other settings than plumbline.yml has (week_start): run `plumbline config apply`."
    ]
    assert build.plan.variables["week_start"] == "saturday"
