"""`build` keeps the record of meanings, `diff` tells what a change does to them."""

import json
import subprocess
from pathlib import Path

import pytest

from definitions.small_project import TERM, write_definitions
from plumbline.definitions.proving.sides import NamingError

from .running import run

CHANGED = TERM.replace("size >= 10", "size >= 11").replace("{size: 10, expect: true}", "{size: 11, expect: true}")


@pytest.fixture
def committed(root: Path) -> Path:
    """The small project, built and committed."""
    run(root, "build")
    git = ("git", "-C", str(root), "-c", "user.name=Tester", "-c", "user.email=tester@example.com")
    for arguments in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "Begin")):
        subprocess.run([*git, *arguments], check=True)
    return root


def test_build_refuses_another_meaning_and_writes_nothing(committed: Path) -> None:
    write_definitions(committed, CHANGED)
    refused = run(committed, "build")
    assert refused.exit_code == 1
    assert "big.yml:11: error [meaning-changed]" in refused.stderr
    assert "size >= 10" in (committed / "definitions" / "meanings" / "big.json").read_text(encoding="utf-8")
    assert ">= 10" in (committed / "macros" / "definitions" / "is_big.sql").read_text(encoding="utf-8")
    assert run(committed, "check").exit_code == 1
    redrafted = run(committed, "build", "--redraft", "big")
    assert redrafted.exit_code == 0
    assert "definitions/meanings/big.json: written" in redrafted.stdout
    assert run(committed, "build", "--check").exit_code == 0
    assert run(committed, "build", "--redraft", "bigg").exit_code == 2


def test_diff_exits_with_1_when_a_version_is_missing(committed: Path) -> None:
    same = run(committed, "diff")
    assert (same.exit_code, same.stdout) == (0, "3 versions: 3 unchanged; 3 drafts that wait for sign-offs.\n")
    write_definitions(committed, TERM.replace("size >= 20", "20 <= size"))
    refactored = run(committed, "diff", "HEAD")
    assert refactored.exit_code == 0
    assert "big@2 is worded otherwise, proved to mean the same." in refactored.stdout
    write_definitions(committed, CHANGED)
    found = run(committed, "diff", "HEAD..")
    assert found.exit_code == 1
    assert "big@1 is changed: narrower." in found.stdout
    assert "error [bump-missing]" in found.stderr
    [change] = [item for item in json.loads(run(committed, "diff", "--json").stdout)["changes"] if item["needs"]]
    assert (change["version"], change["relation"]["verdict"]) == (1, "narrower")


def test_diff_names_what_it_cannot_read(committed: Path, tmp_path: Path) -> None:
    found = run(committed, "diff", "nowhere..HEAD")
    assert isinstance(found.exception, NamingError)
    assert "There are no definitions at `nowhere`" in found.exception.what and found.exception.mending
