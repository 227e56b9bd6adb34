"""`check`: examples are executed, sign-offs fit, reviews are kept."""

from datetime import date
from pathlib import Path

import pytest

from plumbline.definitions import check_library, load_library, meaning
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


def signed(root: Path, on: str) -> str:
    """The term with version 3 signed by both teams, as it means now."""
    write_definitions(root)
    governed = load_library(root).terms["big"]
    hashed = meaning(governed.term, governed.newest)
    lines = "".join(
        f"\n      - {{team: {team}, role: head of {team}, on: {on}, meaning: '{hashed}', evidence: minutes}}"
        for team in ("sales", "marketing")
    )
    before, _, after = TERM.rpartition("sign_off: []")
    return f"{before}sign_off:{lines}{after}"


def test_a_signature_counts_for_exactly_what_was_signed(tmp_path: Path) -> None:
    term = signed(tmp_path, "2026-01-20")
    assert findings(tmp_path, term) == []
    governed = load_library(tmp_path).terms["big"]
    assert governed.unsigned(governed.newest) == []
    found = findings(tmp_path, term.replace("stage = 'open' OR", "stage <> 'won' OR"))
    assert {problem.code for problem in found} == {"sign-off-of-another-meaning"}
    assert "new version" in found[0].mending
    governed = load_library(tmp_path).terms["big"]
    assert governed.unsigned(governed.newest) == ["sales", "marketing"]


@pytest.mark.parametrize(
    ("today", "severity"),
    [
        (date(2026, 4, 30), None),
        (date(2026, 5, 1), "warning"),
        (date(2026, 5, 30), "warning"),
        (date(2026, 5, 31), "error"),
    ],
)
def test_an_overdue_review_warns_and_then_fails(tmp_path: Path, today: date, severity: str | None) -> None:
    """Signed on 31 January and looked at every three months: due on 30 April, with thirty days of grace."""
    found = findings(tmp_path, signed(tmp_path, "2026-01-31"), today)
    assert [(problem.code, problem.severity) for problem in found] == (
        [("review-overdue", severity)] if severity else []
    )


def test_a_review_that_was_held_counts_from_its_day(tmp_path: Path) -> None:
    term = signed(tmp_path, "2026-01-31").replace("{every: 3 months}", "{every: 3 months, last: 2026-05-02}")
    assert findings(tmp_path, term, date(2026, 8, 2)) == []
    assert [problem.severity for problem in findings(tmp_path, term, date(2026, 8, 3))] == ["warning"]
