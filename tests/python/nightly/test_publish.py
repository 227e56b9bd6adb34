"""The publish protocol: readers see one whole version, whatever happens to the publisher."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from nightly.toolkit import (
    FakeBuild,
    current_manifest,
    journal_of,
    make_project,
    paths_of,
    published_number,
    run,
    steps_of,
    worker,
)
from plumbline.nightly.export import Descriptions, export_marts
from plumbline.nightly.manifest import changes, read_manifest
from plumbline.nightly.metric_results import read_results
from plumbline.nightly.tables import file_hash
from plumbline.nightly.verify import problems_of, verify_in_fresh_process
from plumbline.nightly.versions import Versions
from plumbline.project.dbt_runner import NodeResult
from plumbline.project.errors import BuildError, BusyError, FailedTestsError, PublishError

NO_DESCRIPTIONS = Descriptions({}, {})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project")


def test_a_night_publishes_only_the_marts_with_manifest_and_parquet(project: Path) -> None:
    report = run(project, verify=verify_in_fresh_process)
    folder = paths_of(project).published / "current"
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert files == [
        "checks.html",
        "manifest.json",
        "marts.duckdb",
        "parquet/dim_accounts.parquet",
        "parquet/fct_opportunities.parquet",
    ]
    assert str(folder.readlink()) == f"versions/{report.run_id}"
    with duckdb.connect(str(folder / "marts.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "select table_catalog, table_schema, table_name from information_schema.tables order by 3"
        ).fetchall()
        assert tables == [("marts", "main", "dim_accounts"), ("marts", "main", "fct_opportunities")]
        assert connection.execute(
            "select tags['storage_version'] from duckdb_databases() where not internal"
        ).fetchone() == ("v1.2.0+",)
    manifest = current_manifest(project)
    assert manifest is not None
    assert (manifest.run_id, manifest.as_of_date, manifest.git_commit) == (report.run_id, "2026-01-31", None)
    assert {name: table.rows for name, table in manifest.tables.items()} == {
        "dim_accounts": 200,
        "fct_opportunities": 200,
    }
    assert [entry.event for entry in journal_of(project)] == ["started", "published"]


def test_same_rows_in_another_order_and_thread_count_give_the_same_parquet_bytes(tmp_path: Path) -> None:
    hashes = set()
    for number, (threads, order) in enumerate([(1, "i"), (2, "-i"), (8, "hash(i)")]):
        folder = tmp_path / str(number)
        folder.mkdir()
        work = folder / "work.duckdb"
        with duckdb.connect(str(work), config={"threads": threads}) as connection:
            connection.execute(
                f"""
                create table keyless as
                select i % 1000 as k, 'n' || (i % 97) as name,
                    case when i % 7 = 0 then null else i / 8 end as share,
                    timestamptz '2025-01-01 00:00:00+00' + to_seconds(i) as at
                from (select i from range(140000) r(i) order by {order})
                """
            )
        exported = export_marts(work, folder, folder / "spill", NO_DESCRIPTIONS, lambda step: None, threads)
        hashes.add((exported[0].content_hash, file_hash(folder / "parquet" / "keyless.parquet")))
    assert len(hashes) == 1


def test_publishing_the_same_input_again_gives_the_same_files(project: Path) -> None:
    first, second = run(project), run(project)
    tables = [report.published.manifest.tables for report in (first, second)]
    assert tables[0] == tables[1]
    assert first.run_id < second.run_id
    assert second.changes == []


def test_descriptions_travel_with_the_published_file(tmp_path: Path) -> None:
    work = tmp_path / "work.duckdb"
    with duckdb.connect(str(work)) as connection:
        connection.execute("create table dim_a as select 1 as a")
    export_marts(work, tmp_path, tmp_path / "s", Descriptions({"dim_a": "It's A."}, {"dim_a": {"a": "One."}}), print)
    with duckdb.connect(str(tmp_path / "marts.duckdb"), read_only=True) as connection:
        assert connection.execute("select comment from duckdb_tables()").fetchone() == ("It's A.",)
        assert connection.execute("select comment from duckdb_columns() where not internal").fetchone() == ("One.",)


def test_a_failing_test_publishes_nothing(project: Path) -> None:
    run(project, FakeBuild(number=1))
    failed = NodeResult("test.small.sums_agree.123", "fail", "Got 3 results, configured to fail if != 0", 3, 0.1)
    with pytest.raises(FailedTestsError, match=r"1 test failed:\n- sums_agree: Got 3 results") as caught:
        run(project, FakeBuild(number=2, failed=[failed]))
    assert caught.value.exit_code == 7
    assert "Nothing was published" in caught.value.mending
    assert published_number(project) == 1
    assert [entry.event for entry in journal_of(project)] == ["started", "published", "started", "failed"]
    assert journal_of(project)[-1].details["exit_code"] == 7


def test_a_failing_model_publishes_nothing(project: Path) -> None:
    failed = NodeResult("model.small.dim_b", "error", "Binder Error: no column x", 0, 0.1)
    with pytest.raises(BuildError, match=r"1 model or seed did not build:\n- dim_b: Binder Error"):
        run(project, FakeBuild(failed=[failed]))
    assert not (paths_of(project).published / "current").exists()


def test_a_version_that_does_not_prove_whole_is_not_published(project: Path) -> None:
    run(project, FakeBuild(number=1))

    def spoil(step: str) -> None:
        if step == "manifest":
            staging = next(paths_of(project).published.glob(".staging-*"))
            with (staging / "parquet" / "dim_accounts.parquet").open("r+b") as handle:
                handle.seek(100)
                handle.write(b"spoiled")

    with pytest.raises(PublishError, match=r"dim_accounts.parquet: the file's bytes are not those"):
        run(project, FakeBuild(number=2), on_step=spoil, verify=verify_in_fresh_process)
    assert published_number(project) == 1
    assert not list(paths_of(project).published.glob(".staging-*"))


def test_the_proof_finds_every_kind_of_damage(project: Path) -> None:
    report = run(project)
    folder = report.published.folder
    (folder / "marts.duckdb.wal").write_bytes(b"")
    assert problems_of(folder) == ["marts.duckdb.wal: file should not be there"]
    (folder / "marts.duckdb.wal").unlink()
    parquet = folder / "parquet" / "dim_accounts.parquet"
    parquet.rename(folder / "away")
    assert "parquet/dim_accounts.parquet: file is missing" in problems_of(folder)
    (folder / "away").rename(parquet)
    text = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(text.replace('"rows": 200', '"rows": 201', 1))
    assert "dim_accounts: 200 rows instead of 201" in problems_of(folder)
    digest = report.published.manifest.tables["dim_accounts"].content_hash
    (folder / "manifest.json").write_text(text.replace(digest, "0" * 64))
    assert "dim_accounts: content differs from what was written" in problems_of(folder)


def test_readers_see_only_whole_versions_through_many_publishes(project: Path) -> None:
    run(project, FakeBuild(number=0))
    published = paths_of(project).published
    reader = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("reader.py")), str(published)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdin is not None and reader.stdout is not None
    assert reader.stdout.readline() == "ready\n"
    held = duckdb.connect(str(published / "current" / "marts.duckdb"), read_only=True)
    for number in range(1, 10):
        run(project, FakeBuild(number=number))
    reader.stdin.write("stop\n")
    reader.stdin.close()
    seen = json.loads(reader.stdout.readline())
    reader.wait()
    reader.stdout.close()
    assert seen["errors"] == []
    assert seen["torn"] == 0
    assert seen["reads"] > 9 and seen["versions"] > 2
    # A reader that kept an old version open still reads it whole, though the version is long gone.
    assert held.execute("select min(number), max(number), count(*) from marts.main.dim_accounts").fetchone() == (
        0,
        0,
        200,
    )
    held.close()
    assert len(Versions(published).all()) == 7


def test_a_kill_between_any_two_steps_leaves_a_whole_version_and_the_next_run_succeeds(
    tmp_path: Path,
) -> None:
    steps = steps_of(make_project(tmp_path / "steps"))
    assert steps.index("verified") < steps.index("renamed") < steps.index("flipped") < steps.index("tidied")
    project = make_project(tmp_path / "project")
    run(project, FakeBuild(number=0))
    number, published = 0, 0
    with worker(project) as ask:
        for step in steps:
            number += 1
            assert ask(at=step, signal=signal.SIGKILL, number=number)["code"] == -signal.SIGKILL, step
            expected = number if steps.index(step) >= steps.index("flipped") else published
            assert published_number(project) == expected, f"killed after '{step}'"
            assert current_manifest(project) is not None
            number += 1
            report = run(project, FakeBuild(number=number))
            published = number
            assert published_number(project) == number, f"after a kill at '{step}'"
            leftovers = [path.name for path in paths_of(project).published.glob(".*")]
            assert leftovers == [], f"after a kill at '{step}'"
            were_published = {entry.run_id for entry in journal_of(project) if entry.event == "published"}
            assert set(Versions(paths_of(project).published).all()) <= were_published
            assert set(read_results(paths_of(project).metric_results)) == were_published, f"after a kill at '{step}'"
    assert report.run_id == max(entry.run_id for entry in journal_of(project))
    ends = [entry.event for entry in journal_of(project) if entry.event != "started"]
    assert ends.count("killed") == steps.index("flipped") - steps.index("started")


def test_a_signal_stops_tidily_at_every_step(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    steps = steps_of(project)
    before = published_number(project)
    with worker(project) as ask:
        for step in steps[steps.index("started") : steps.index("recorded") + 1]:
            number = signal.SIGINT if steps.index(step) % 3 == 0 else signal.SIGTERM
            answer = ask(at=step, signal=number, number=5)
            assert answer["code"] == 128 + number, step
            assert "stopped by SIG" in str(answer["message"])
            late = steps.index(step) >= steps.index("renamed")
            assert published_number(project) == (5 if late else before), step
            assert journal_of(project)[-1].event == ("published" if late else "interrupted"), step
            assert list(paths_of(project).published.glob(".staging-*")) == []
            before = published_number(project)


@pytest.mark.parametrize("step", ["preflight", "tested", "table dim_accounts"])
def test_a_full_disk_is_a_clear_error_and_the_old_version_stays(project: Path, step: str) -> None:
    run(project, FakeBuild(number=1))
    with worker(project) as ask:
        answer = ask(at=step, limit=1000, number=2)
    assert answer["code"] == 8
    message = str(answer["message"])
    assert "could not" in message and "Check free space" in message
    assert journal_of(project)[-1].details["exit_code"] == 8
    assert published_number(project) == 1
    assert list(paths_of(project).published.glob(".*")) == []
    assert run(project, FakeBuild(number=3)).run_id
    assert published_number(project) == 3


def test_without_symbolic_links_a_pointer_file_stands_in(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(project, FakeBuild(number=1))

    def refuse(*arguments: object, **options: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "symlink", refuse)
    report = run(project, FakeBuild(number=2))
    published = paths_of(project).published
    assert "makes no symbolic links" in (report.published.notice or "")
    assert (published / "current.txt").read_text() == f"versions/{report.run_id}\n"
    assert not (published / "current").exists()
    assert Versions(published).current() == report.run_id
    monkeypatch.undo()
    report = run(project, FakeBuild(number=3))
    assert Versions(published).current() == report.run_id
    assert not (published / "current.txt").exists()


def test_a_failure_while_flipping_leaves_the_old_version(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(project, FakeBuild(number=1))

    def fail(self: Versions, version: str) -> str | None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Versions, "flip", fail)
    with pytest.raises(PublishError, match="Input/output error"):
        run(project, FakeBuild(number=2))
    assert published_number(project) == 1
    assert len(Versions(paths_of(project).published).all()) == 1


def test_a_journal_that_cannot_be_written_after_the_flip_is_completed_by_the_next_run(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plumbline.nightly.journal import Journal

    real = Journal.append

    def fail_on_published(self: Journal, event: str, run_id: str, **details: object) -> None:
        if event == "published":
            raise OSError(errno.ENOSPC, "No space left on device")
        real(self, event, run_id, **details)

    monkeypatch.setattr(Journal, "append", fail_on_published)
    first = run(project, FakeBuild(number=1))
    assert any("the next run completes it" in note for note in first.notes)
    monkeypatch.undo()
    run(project, FakeBuild(number=2))
    completed = [entry for entry in journal_of(project) if entry.run_id == first.run_id]
    assert [entry.event for entry in completed] == ["started", "published"]


def test_a_second_night_is_turned_away_and_harmless(project: Path) -> None:
    busy: list[str] = []

    def start_another(step: str) -> None:
        if step in ("locked", "built", "flipped"):
            with pytest.raises(BusyError) as caught:
                run(project, FakeBuild(number=99))
            busy.append(caught.value.what)

    report = run(project, FakeBuild(number=1), on_step=start_another)
    assert len(busy) == 3 and all("nightly prod" in text and str(os.getpid()) in text for text in busy)
    assert [entry.run_id for entry in journal_of(project)] == [report.run_id] * 2
    assert published_number(project) == 1


def test_the_work_file_is_disposable(project: Path) -> None:
    work = paths_of(project).work_file
    work.parent.mkdir(parents=True)
    work.write_bytes(b"damaged")
    work.with_name("marts.duckdb.wal").write_bytes(b"damaged too")
    run(project, FakeBuild(number=4))
    assert published_number(project) == 4


def test_changes_between_versions_are_named(project: Path) -> None:
    run(project, FakeBuild(rows=200))
    report = run(project, FakeBuild(rows=210))
    assert report.changes == ["dim_accounts: 200 to 210 rows", "fct_opportunities: 200 to 210 rows"]
    old = report.published.manifest
    table = old.tables["dim_accounts"]
    columns = [column.model_copy(update={"type": "VARCHAR"}) for column in table.columns[:-1]]
    new = old.model_copy(update={"tables": {"dim_accounts": table.model_copy(update={"columns": columns})}})
    assert changes(old, new)[:3] == [
        "fct_opportunities: table is gone",
        "dim_accounts.name: column is gone",
        "dim_accounts.account_key: BIGINT became VARCHAR",
    ]


def test_old_versions_are_pruned_but_never_the_current_one(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", "publish: {keep: 3}")
    reports = [run(project, FakeBuild(number=number)) for number in range(5)]
    versions = Versions(paths_of(project).published)
    assert versions.all() == [report.run_id for report in reports[2:]]
    assert reports[4].removed == [reports[1].run_id]
    versions.flip(reports[2].run_id)
    versions.prune(2)
    assert versions.all() == [reports[2].run_id, reports[4].run_id]
    assert len(list(paths_of(project).runs.glob("*"))) <= 3


def test_a_damaged_manifest_of_the_old_version_does_not_stop_a_new_one(project: Path) -> None:
    first = run(project)
    (first.published.folder / "manifest.json").write_text("{}")
    with pytest.raises(PublishError, match="cannot be read"):
        read_manifest(first.published.folder)
    assert run(project, FakeBuild(number=9)).changes == []
    assert published_number(project) == 9
    shutil.rmtree(paths_of(project).published)
