"""The state, backed up as one file and put back on an empty machine."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from pathlib import Path

import pytest

from nightly.test_metric_results import MetricBuild
from nightly.toolkit import make_project, paths_of, run
from plumbline.cli.options import OPTIONS
from plumbline.nightly.journal import Journal
from plumbline.nightly.lock import RunLock
from plumbline.nightly.rollback import roll_back
from plumbline.nightly.state import back_up, read_backup, read_state, restore
from plumbline.project.errors import BusyError, StateError
from plumbline.project.paths import TargetPaths


def kept(paths: TargetPaths) -> dict[str, bytes]:
    """All files of the state but the lock."""
    return {path.name: path.read_bytes() for path in paths.state.iterdir() if path.name != "lock"}


@pytest.fixture(scope="module")
def two_nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project after two nights that published another figure each; tests copy it."""
    root = make_project(tmp_path_factory.mktemp("two_nights") / "project")
    run(root, MetricBuild(m01="5.0000"))
    run(root, MetricBuild(m01="6.0000"))
    return root


@pytest.fixture
def project(two_nights: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(two_nights, tmp_path / "project", symlinks=True))


def test_an_empty_machine_goes_on_from_a_backup(project: Path, tmp_path: Path) -> None:
    paths, file = paths_of(project), tmp_path / "backups" / "state.tar.gz"
    before, lineage = kept(paths), Journal(paths.journal).lineage()
    contents = back_up(paths, file)
    assert contents.current_run == lineage[-1] and set(contents.files) == set(before)
    for folder in (paths.state, paths.published, project / "build"):
        shutil.rmtree(folder, ignore_errors=True)

    done = restore(paths, file)
    assert kept(paths) == before
    assert "Nothing is published here" in (done.notice or "")
    build = MetricBuild(m01="6.0000")
    report = run(project, build)
    assert [(row[0], row[2]) for row in build.handed] == [(lineage[0], "5.0000"), (lineage[1], "6.0000")]
    assert Journal(paths.journal).lineage() == [*lineage, report.run_id]
    assert report.run_id > lineage[-1], "ids only ever grow"


def test_a_rollback_after_a_restore_knows_what_led_where(project: Path, tmp_path: Path) -> None:
    paths, file = paths_of(project), tmp_path / "state.tar.gz"
    lineage = Journal(paths.journal).lineage()
    back_up(paths, file)
    shutil.rmtree(paths.state)
    assert restore(paths, file).notice is None
    assert roll_back(paths, None).now.run_id == lineage[0]
    seen = read_state(paths)
    assert (seen.published_runs, seen.current_run, seen.figures) == (1, lineage[0], 1)


def test_a_state_that_is_there_is_not_written_over_unasked(project: Path, tmp_path: Path) -> None:
    paths, file = paths_of(project), tmp_path / "state.tar.gz"
    back_up(paths, file)
    old = kept(paths)
    (paths.state / "accepted.jsonl").write_text("{}\n")
    with pytest.raises(StateError, match=r"is not empty: accepted\.jsonl, .*runs\.jsonl") as caught:
        restore(paths, file)
    assert "--replace" in caught.value.mending and (paths.state / "accepted.jsonl").exists()
    restore(paths, file, replace=True)
    assert kept(paths) == old
    with pytest.raises(StateError, match="is there already"):
        back_up(paths, file)


def test_a_state_older_than_what_is_published_says_so(project: Path, tmp_path: Path) -> None:
    paths, file = paths_of(project), tmp_path / "state.tar.gz"
    last = Journal(paths.journal).lineage()[-1]
    lines = paths.journal.read_text().splitlines(keepends=True)
    paths.journal.write_text("".join(line for line in lines if last not in line))
    back_up(paths, file)
    notice = restore(paths, file, replace=True).notice
    assert notice is not None and notice.startswith(f"Published is {last}, but by this state ")


def rewritten(file: Path, **changes: bytes | None) -> Path:
    """A copy of a backup with other members: changed, added or taken out."""
    copy = file.with_name("changed.tar.gz")
    with tarfile.open(file) as archive:
        members = {member.name: archive.extractfile(member) for member in archive}
        contents = {name: handle.read() for name, handle in members.items() if handle is not None}
    contents.update({name.replace("__", "."): content or b"" for name, content in changes.items()})
    for name in [name.replace("__", ".") for name, content in changes.items() if content is None]:
        del contents[name]
    with tarfile.open(copy, "w:gz") as archive:
        for name, content in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return copy


def test_a_damaged_backup_is_refused_by_name_and_touches_nothing(project: Path, tmp_path: Path) -> None:
    paths, file = paths_of(project), tmp_path / "state.tar.gz"
    back_up(paths, file)
    shutil.rmtree(paths.state)
    for changes, said in (
        ({"runs__jsonl": b"{}\n"}, "runs.jsonl is not what its manifest says"),
        ({"runs__jsonl": None}, "runs.jsonl is not what its manifest says"),
        ({"more__jsonl": b"{}\n"}, "more.jsonl is not what its manifest says"),
        ({"../outside": b"x"}, "cannot be read to its end"),
        ({"manifest__json": None}, "cannot be read to its end"),
    ):
        with pytest.raises(StateError, match=said):
            restore(paths, rewritten(file, **changes))
    content = file.read_bytes()
    for cut in (0, 100, len(content) // 2):
        (tmp_path / "cut.tar.gz").write_bytes(content[:cut])
        with pytest.raises(StateError, match=r"cut\.tar\.gz is damaged"):
            restore(paths, tmp_path / "cut.tar.gz")
    with pytest.raises(StateError, match="there is no file"):
        restore(paths, tmp_path / "none.tar.gz")
    assert not paths.state.exists()


def test_another_targets_backup_and_a_run_in_between_are_refused(project: Path, tmp_path: Path) -> None:
    paths, file = paths_of(project), tmp_path / "state.tar.gz"
    back_up(paths, file)
    dev = TargetPaths(paths.root, "dev", paths.published)
    with pytest.raises(StateError, match="is a backup of target prod, not of dev"):
        restore(dev, file)
    with pytest.raises(StateError, match="is empty: there is nothing to back up"):
        back_up(dev, tmp_path / "dev.tar.gz")
    with RunLock(paths.lock, "nightly prod"):
        with pytest.raises(BusyError):
            back_up(paths, tmp_path / "second.tar.gz")
        with pytest.raises(BusyError):
            restore(paths, file, replace=True)
    assert not (tmp_path / "second.tar.gz").exists()
    assert read_backup(file)[0].target == "prod"


def test_the_command_line_backs_up_shows_and_restores(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from cli.test_main import call

    OPTIONS.project, OPTIONS.debug = None, False
    monkeypatch.chdir(project)
    file = str(tmp_path / "state.tar.gz")
    code, out, _ = call(monkeypatch, capsys, "state", "show", "--target", "prod")
    assert code == 0 and "runs, publishes, rollbacks" in out and "2 figures of 2 runs" in out
    code, out, _ = call(monkeypatch, capsys, "state", "backup", file, "--target", "prod", "--json")
    assert code == 0 and set(json.loads(out)["files"]) == set(kept(paths_of(project)))
    code, _, err = call(monkeypatch, capsys, "state", "restore", file, "--target", "prod")
    assert code == 12 and "is not empty" in err and "--replace" in err
    code, out, _ = call(monkeypatch, capsys, "state", "restore", file, "--replace", "--target", "prod")
    assert code == 0 and out.startswith("Restored ")
