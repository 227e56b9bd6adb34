"""Going back: proven whole, in one step, recorded; and what status says of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nightly.toolkit import FakeBuild, journal_of, make_project, paths_of, published_number, run
from plumbline.nightly.lock import RunLock
from plumbline.nightly.rollback import roll_back
from plumbline.nightly.status import read_status
from plumbline.nightly.versions import Versions
from plumbline.project.errors import BusyError, NoVersionError, PublishError


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project")


def test_rollback_goes_one_version_back_each_time_and_is_recorded(project: Path) -> None:
    reports = [run(project, FakeBuild(number=number)) for number in range(3)]
    paths = paths_of(project)
    assert roll_back(paths, None).now.run_id == reports[1].run_id
    assert published_number(project) == 1
    assert roll_back(paths, None).now.run_id == reports[0].run_id
    assert published_number(project) == 0
    with pytest.raises(NoVersionError, match="no version older than") as caught:
        roll_back(paths, None)
    assert caught.value.exit_code == 9
    assert roll_back(paths, reports[2].run_id).before == reports[0].run_id
    last = journal_of(project)[-1]
    assert (last.event, last.run_id, last.details["before"]) == (
        "rolled back",
        reports[2].run_id,
        reports[0].run_id,
    )
    assert run(project, FakeBuild(number=7)).replaced == reports[2].run_id
    assert published_number(project) == 7


def test_rollback_says_what_there_is_when_the_wish_is_wrong(project: Path) -> None:
    with pytest.raises(NoVersionError, match="nothing is published in"):
        roll_back(paths_of(project), None)
    report = run(project)
    with pytest.raises(NoVersionError, match="is the current one already"):
        roll_back(paths_of(project), report.run_id)
    with pytest.raises(NoVersionError, match="there is no version 'x'") as caught:
        roll_back(paths_of(project), "x")
    assert report.run_id in caught.value.mending


def test_a_damaged_version_is_not_rolled_back_to(project: Path) -> None:
    first = run(project, FakeBuild(number=1))
    run(project, FakeBuild(number=2))
    with (first.published.folder / "marts.duckdb").open("r+b") as handle:
        handle.seek(20000)
        handle.write(b"damage")
    with pytest.raises(PublishError, match=r"marts\.duckdb: the file's bytes are not those that were written"):
        roll_back(paths_of(project), None)
    assert published_number(project) == 2


def test_rollback_waits_for_no_run(project: Path) -> None:
    run(project)
    with (
        RunLock(paths_of(project).lock, "nightly prod"),
        pytest.raises(BusyError, match="busy: nightly prod"),
    ):
        roll_back(paths_of(project), None)


def test_status_tells_version_age_runs_and_lock(project: Path) -> None:
    paths = paths_of(project)
    now = datetime(2026, 2, 3, 12, tzinfo=UTC)
    assert read_status(paths, now).as_json()["current"] is None
    report = run(project)
    with RunLock(paths.lock, "rollback prod"):
        seen = read_status(paths, now).as_json()
    assert seen["current"]["version"] == report.run_id
    assert seen["data_age_days"] == 3
    assert seen["versions"] == [report.run_id]
    assert seen["running"]["doing"] == "rollback prod"
    assert [entry["event"] for entry in seen["last_runs"]] == ["published"]
    assert read_status(paths, now).holder is None


def test_a_link_to_nowhere_counts_as_nothing_published(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    assert versions.current() is None and versions.all() == []
    (tmp_path / "current").symlink_to("versions/20260101T000000Z-abcdef")
    assert versions.current() is None
    (tmp_path / ".staging-x").mkdir()
    (tmp_path / ".current-x").symlink_to("versions/x")
    assert versions.sweep() == [".staging-x", ".current-x"]
