"""`check`: examples are executed; what the project ships holds and is unsigned."""

from datetime import date
from pathlib import Path

import pytest

from plumbline.definitions import check_library, load_library
from plumbline.definitions.problems import Problem

from .small_project import ROOT, TERM, write_definitions

TODAY = date(2026, 3, 1)


def findings(root: Path, term: str, today: date = TODAY) -> list[Problem]:
    write_definitions(root, term)
    return check_library(load_library(root), today)


def test_the_definitions_of_the_project_hold_on_any_day() -> None:
    library = load_library(ROOT)
    for today in (date(2026, 1, 1), date(2029, 12, 31)):
        assert check_library(library, today) == []
    later = check_library(library, date(2036, 1, 1))
    assert {problem.code for problem in later} == {"difference-expired"}, "what was accepted was accepted until a day"


def test_nobody_has_signed_what_the_project_ships() -> None:
    """A signature is an act of people; a fresh project has none."""
    for governed in load_library(ROOT).words:
        for version in governed.term.versions:
            assert governed.unsigned(version) == governed.term.required_sign_offs
            assert version.sign_off == []


def test_examples_that_hold_are_no_finding(tmp_path: Path) -> None:
    assert findings(tmp_path, TERM) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (
            "{size: 9.99, expect: false}",
            "{size: 10.01, expect: false}",
            18,
            "Expected false for {size: 10.01}, but all criteria are met.",
        ),
        ("size >= 20", "size >= 21", 27, "Expected true for {size: 20}, but `size` is false."),
        ("is_gone IS NOT TRUE", "NOT is_gone", 27, "Expected true for {size: 20}, but `kept` is unknown."),
        (
            "{stage: open, expect: true}",
            "{expect: true}",
            36,
            "Expected true for {a row of NULLs}, but `open` is unknown.",
        ),
    ],
)
def test_an_example_that_fails_names_the_criterion(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    assert old in TERM
    found = findings(tmp_path, TERM.replace(old, new, 1))
    assert [(problem.code, problem.line, problem.message) for problem in found] == [("example-fails", line, says)]
    assert "Mend the criterion" in found[0].mending
