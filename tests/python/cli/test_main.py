"""The command line as a person or a scheduler meets it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nightly.toolkit import FakeBuild, make_project, run
from plumbline.cli.options import OPTIONS
from plumbline.nightly.summary import night_summary, status_summary
from plumbline.project.exit_codes import MEANINGS, ExitCode
from plumbline.sample import Progress, Written

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _fresh_options() -> None:
    OPTIONS.project, OPTIONS.debug = None, False


def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the command line in this process: exit code, standard output, standard error."""
    from plumbline.cli.main import main

    monkeypatch.setattr(sys, "argv", ["plumbline", *arguments])
    try:
        main()
    except SystemExit as end:
        code = end.code
    else:
        code = 0
    seen = capsys.readouterr()
    assert code is None or isinstance(code, int)
    return int(code or 0), seen.out, seen.err


def test_help_names_the_commands_and_exit_codes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = call(monkeypatch, capsys, "--help")
    assert code == 0
    for command in ("nightly", "status", "doctor", "check", "rollback", "sample", "bench", "definitions"):
        assert re.search(rf"^  {command} +\w", out, re.MULTILINE), command
    words = " ".join(out.split())
    for exit_code in ExitCode:
        assert f"{int(exit_code)} {exit_code.name.lower().replace('_', ' ')}" in words


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--show"], "there are no results in benchmarks/results.json\n  Measure first: make bench"),
        (["--scale", "1", "--scale", "0"], "--scale: scale must be above 0"),
    ],
)
def test_a_benchmark_that_cannot_be_is_told_before_anything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    root = make_project(tmp_path / "project")
    code, _, err = call(monkeypatch, capsys, "--project", str(root), "bench", *arguments)
    assert (code, said in err) == (int(ExitCode.SETTINGS), True), err
    assert not (root / "build" / "bench").exists()


def test_the_guide_lists_every_exit_code_as_it_is() -> None:
    text = (ROOT / "docs" / "exit-codes.md").read_text()
    assert re.findall(r"^\| (\d+) \| (.*?) \| (.*) \|$", text, re.MULTILINE) == [
        (str(int(code)), code.name.lower().replace("_", " "), meaning) for code, meaning in MEANINGS.items()
    ]
    assert set(MEANINGS) == set(ExitCode)


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys, plumbline.cli.main\n"
        "print([m for m in ('duckdb', 'dbt', 'pyarrow', 'numpy', 'pydantic', 'rich') if m in sys.modules])"
    )
    paths = os.pathsep.join(path for path in sys.path if path)
    process = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert process.stdout == "[]\n", process.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nigthly"], 2, "No such command"),
        (["status", "--target", "production"], 3, "--target production: there is no such target"),
        (["rollback"], 9, "Error: nothing is published in"),
        (["rollback", "x"], 9, "Run 'plumbline nightly' first."),
        (["nightly", "--target"], 2, "requires an argument"),
    ],
)
def test_a_mistake_is_one_clear_message_with_its_code(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    project = make_project(tmp_path / "project")
    found, _, err = call(monkeypatch, capsys, "--project", str(project), *arguments)
    assert found == code
    assert message in err and "Traceback" not in err


def test_a_wrong_setting_stops_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(tmp_path / "project", "publish:\n  keeps: 3\n")
    for command in ("nightly", "status", "rollback"):
        code, _, err = call(monkeypatch, capsys, "--project", str(project), command)
        assert code == 3
        assert err.startswith("Error: plumbline.yml line 2: unknown setting 'publish.keeps'\n  Did you mean 'keep'?")
    assert not (project / "state").exists()


def test_status_and_rollback_work_on_what_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(tmp_path / "project")
    code, out, _ = call(monkeypatch, capsys, "--project", str(project), "status")
    assert code == 9 and "nothing is published" in out
    first, second = run(project, FakeBuild(number=1)), run(project, FakeBuild(number=2))
    code, out, _ = call(monkeypatch, capsys, "--project", str(project), "status", "--json")
    seen = json.loads(out)
    assert code == 0 and seen["current"]["version"] == second.run_id and seen["running"] is None
    code, out, _ = call(monkeypatch, capsys, "--project", str(project), "rollback")
    assert code == 0 and f"Rolled back from {second.run_id} to {first.run_id}" in out
    code, out, _ = call(monkeypatch, capsys, "--project", str(project), "status")
    assert f"current          {first.run_id}" in out and "rolled back" in out


def test_a_defect_is_said_to_be_one_and_debug_shows_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(tmp_path / "project")

    def broken(*arguments: object) -> None:
        raise ZeroDivisionError("about ada@mail.example")

    monkeypatch.setattr("plumbline.nightly.status.read_status", broken)
    code, _, err = call(monkeypatch, capsys, "--project", str(project), "status")
    assert code == 70 and "unexpected ZeroDivisionError" in err and "ada@" not in err
    with pytest.raises(ZeroDivisionError):
        call(monkeypatch, capsys, "--debug", "--project", str(project), "status")


def test_the_summary_says_what_was_built_what_was_found_and_where_to_look(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from rich.console import Console

    from nightly.toolkit import paths_of
    from plumbline.nightly.status import read_status

    project = make_project(tmp_path / "project")
    run(project)
    report = run(project, FakeBuild(number=2))
    console = Console(width=200, record=True, file=open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
    console.print(night_summary(report))
    console.print(status_summary(read_status(paths_of(project), datetime(2026, 2, 1, tzinfo=UTC))))
    text = console.export_text()
    for part in (
        f"Published {report.run_id}",
        "2 tables, 400 rows",
        "1 passed, 0 failed, 0 warned",
        "unmapped stages  20 opportunities",
        "not connected    gong",
        "dim_accounts: other content in 200 rows",
        "published/current/marts.duckdb",
        "data/raw.duckdb (the default file",
        "1 days before today",
    ):
        assert part in text, part


def test_the_sample_shows_how_far_it_is_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def generate(out: Path, truth: Path, scale: float, seed: int, show: Progress, *_: object) -> Written:
        for done in range(41):
            show(done, 40, 1000 * done)
        return Written(out, truth, {"salesforce.account": 40_000})

    monkeypatch.setattr("plumbline.sample.generate", generate)
    code, _, err = call(monkeypatch, capsys, "sample", "--out", str(tmp_path / "raw.duckdb"))
    assert code == 0
    lines = err.splitlines()
    assert lines[:2] == ["0 of 40 blocks, 0 rows", "4 of 40 blocks, 4,000 rows"]
    assert lines[10] == "40 of 40 blocks, 40,000 rows"
    assert lines[11].startswith("40,000 rows in ")
