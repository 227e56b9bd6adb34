"""Where a night finds its raw data: a file, a folder, or the file of target dev."""

from __future__ import annotations

from pathlib import Path

import pytest

from nightly.toolkit import FakeBuild, make_project, run
from plumbline.nightly.builder import BuildPlan
from plumbline.nightly.progress import Progress
from plumbline.project.dbt_runner import DbtOutcome
from plumbline.project.errors import RawDataError


class SeenBuild(FakeBuild):
    """Keeps the plan that it was given."""

    plan: BuildPlan

    def __call__(self, plan: BuildPlan, progress: Progress) -> DbtOutcome:
        self.plan = plan
        return super().__call__(plan, progress)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project")


def test_raw_schemas_of_the_target_database_are_read_from_the_file_of_dev(project: Path) -> None:
    settings = project / "plumbline.yml"
    settings.write_text(settings.read_text() + "  raw_database: ''\n")
    with pytest.raises(RawDataError, match=r"marts\.duckdb does not exist, where raw tables are by 'models\.raw_data"):
        run(project)
    dev = project / "build" / "dev" / "marts.duckdb"
    dev.parent.mkdir(parents=True, exist_ok=True)
    (project / "data" / "raw.duckdb").rename(dev)
    build = SeenBuild()
    report = run(project, build)
    assert (build.plan.raw, build.plan.variables["raw_database"]) == (dev, "raw")
    assert report.preflight.not_connected == ["gong"]


@pytest.mark.parametrize(
    ("name", "make", "message"),
    [
        ("raw.dat", Path.touch, r"raw\.dat is a file, but its name does not end in \.duckdb or \.db"),
        ("raw.duckdb", Path.mkdir, r"raw\.duckdb is a folder with the name of a DuckDB file"),
        ("raw[1]", Path.mkdir, r"raw\[1\] has \*, \? or \[ in its path"),
        ("nothing", lambda path: None, r"the raw data .*nothing does not exist"),
    ],
)
def test_what_dbt_would_take_for_something_else_is_refused(
    tmp_path: Path, name: str, make: object, message: str
) -> None:
    root = make_project(tmp_path / "project", f"raw: {name!r}\n")
    assert callable(make)
    make(root / name)
    with pytest.raises(RawDataError, match=message):
        run(root)
