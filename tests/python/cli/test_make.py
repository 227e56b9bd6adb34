"""The Makefile: two commands, nothing installed twice."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files that decide what is installed, and the stamp of an installation."""
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    content = (tmp_path / "requirements.txt").read_bytes() + (tmp_path / "pyproject.toml").read_bytes()
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / f".installed-{hashlib.sha256(content).hexdigest()[:16]}").touch()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "raw.duckdb").touch()
    return tmp_path


def planned(folder: Path, target: str) -> list[str]:
    """The commands that make would run."""
    process = subprocess.run(["make", "-n", target], cwd=folder, capture_output=True, text=True, check=True)
    lines = process.stdout.splitlines()
    return [line for line in lines if not line.startswith(("make", "test -n"))]


def test_help_lists_the_targets_with_what_they_do(folder: Path) -> None:
    process = subprocess.run(["make", "help"], cwd=folder, capture_output=True, text=True, check=True)
    listed = dict(re.findall(r"^  make ([a-z-]+) +(\S.*)$", process.stdout, re.MULTILINE))
    assert {"nightly", "test", "build", "lint", "sample", "help", "clean"} <= set(listed)
    bare = subprocess.run(["make"], cwd=folder, capture_output=True, text=True, check=True)
    assert bare.stdout == process.stdout


def test_what_is_installed_is_not_installed_again(folder: Path) -> None:
    assert planned(folder, "nightly") == [".venv/bin/plumbline nightly"]
    assert planned(folder, "test") == [".venv/bin/pytest"]
    assert planned(folder, "build") == [".venv/bin/dbt build"]


def test_another_lock_is_installed_with_hashes_and_nothing_resolved(folder: Path) -> None:
    with (folder / "requirements.txt").open("a") as handle:
        handle.write("# changed\n")
    commands = " ".join(planned(folder, "test"))
    assert "--no-deps" in commands and "--require-hashes" in commands
    assert "--no-build-isolation --editable ." in commands
    assert "pip check" in commands and "compileall" in commands
    assert commands.rstrip().endswith(".venv/bin/pytest")


def test_ci_runs_exactly_the_tests() -> None:
    commands = [
        line
        for line in (ROOT / ".ci" / "run").read_text().splitlines()
        if line and not line.startswith("#") and not line.startswith(("set ", "cd "))
    ]
    assert commands == ["exec make test"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_everything_that_is_required_is_locked_with_a_hash() -> None:
    lock = (ROOT / "requirements.txt").read_text()
    locked = {name.lower().replace("_", "-") for name in re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE)}
    wanted = re.findall(r'^  "([A-Za-z0-9_.-]+)', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    wanted += re.findall(r"^([A-Za-z0-9_.-]+)", (ROOT / "requirements.in").read_text(), re.MULTILINE)
    assert {name.lower().replace("_", "-") for name in wanted if not name.startswith("plumbline")} <= locked
    assert lock.count("==") <= lock.count("--hash=sha256:")
    assert "http" not in lock
