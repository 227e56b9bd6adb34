"""`compare` and `prove`: what people and machines see, and when they exit with 1."""

import json
from pathlib import Path

import pytest

from plumbline.project.errors import SettingsError

from .running import run


def test_compare_shows_a_row_with_labels(root: Path) -> None:
    found = run(root, "compare", "big@1", "big@2")
    assert found.exit_code == 0
    lines = [" ".join(line.split()) for line in found.stdout.splitlines()]
    assert lines == [
        "big@1 is wider than big@2: it is true for whatever big@2 is.",
        "row 1",
        "Size 10",
        "Gone false",
        "big@1 yes",
        "big@2 no",
    ]


def test_compare_is_one_object_for_machines(root: Path) -> None:
    found = run(root, "compare", "big@1", "size > 9", "--entity", "deal", "--json")
    said = json.loads(found.stdout)
    assert (found.exit_code, said["verdict"], said["first"], said["not_seen"]) == (0, "narrower", "big@1", {})
    assert said["counterexamples"][0]["answers"] == [False, True]


def test_numbers_of_a_row_are_compared(root: Path) -> None:
    found = run(root, "compare", "--measure", "--entity", "deal", "size * 2", "size + size")
    assert (found.exit_code, found.stdout.splitlines()[0]) == (0, "size * 2 and size + size are equal on every row.")


def test_without_the_solver_commands_say_what_to_install(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    found = run(root, "compare", "big@1", "big@2")
    assert isinstance(found.exception, SettingsError)
    assert "z3-solver" in found.exception.what and "plumbline[prove]" in found.exception.mending
