"""`check`: sign-offs fit what they were given for, none is alone, none is missing; reviews are kept."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from plumbline.definitions import check_library, load_library, meaning
from plumbline.definitions.problems import Problem

from .small_project import TERM, write_definitions

TODAY = date(2026, 3, 1)
TEAMS = ("sales", "marketing")


def findings(root: Path, term: str, today: date = TODAY, grace: int = 30) -> list[Problem]:
    write_definitions(root, term)
    return check_library(load_library(root), today, timedelta(days=grace))


def signed(
    root: Path,
    on: str,
    *,
    number: int = 3,
    teams: tuple[str, ...] = TEAMS,
    role: str = "head of {team}",
    evidence: str = "minutes",
    term: str = TERM,
) -> str:
    """The term with one version signed as it means now."""
    write_definitions(root, term)
    governed = load_library(root).terms["big"]
    hashed = meaning(governed.term, governed.term.versions[number - 1])
    lines = "".join(
        f"\n      - {{team: {team}, role: {role.format(team=team)}, on: {on}, meaning: '{hashed}',"
        f" evidence: {evidence}}}"
        for team in teams
    )
    parts = term.split("sign_off: []")
    return "sign_off: []".join(parts[:number]) + f"sign_off:{lines}" + "sign_off: []".join(parts[number:])


def told(found: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.code, problem.severity) for problem in found]


def test_a_signature_counts_for_exactly_what_was_signed(tmp_path: Path) -> None:
    term = signed(tmp_path, "2026-01-20")
    assert findings(tmp_path, term) == []
    governed = load_library(tmp_path).terms["big"]
    assert governed.standing(governed.newest) == "signed"
    found = findings(tmp_path, term.replace("stage = 'open' OR", "stage <> 'won' OR"))
    assert {problem.code for problem in found} == {"sign-off-of-another-meaning"}
    assert "new version" in found[0].mending
    governed = load_library(tmp_path).terms["big"]
    assert governed.unsigned(governed.newest) == ["sales", "marketing"]


def test_the_author_is_never_the_only_signer(tmp_path: Path) -> None:
    """Two teams have to agree, each by a role of its own: whoever wrote the change, another agreed."""
    [alone] = findings(tmp_path, TERM.replace("[sales, marketing]", "[marketing]"))
    assert (alone.code, alone.line, alone.severity) == ("one-signer", 8, "error")
    assert "whoever changes it could be the only one to agree" in alone.message
    both = signed(tmp_path, "2026-01-20", role="chief revenue officer")
    [twice] = findings(tmp_path, both)
    assert (twice.code, twice.line, twice.severity) == ("one-role", 40, "error")
    assert twice.message.startswith("The chief revenue officer signed for sales and for marketing")
    assert findings(tmp_path, both.replace("marketing, role: chief revenue", "marketing, role: chief marketing")) == []


def test_a_signature_of_tomorrow_is_none(tmp_path: Path) -> None:
    term = signed(tmp_path, "2026-03-02")
    assert {problem.code for problem in findings(tmp_path, term)} == {"sign-off-in-the-future"}
    assert findings(tmp_path, term, date(2026, 3, 2)) == []


def test_evidence_that_is_gone_is_found(tmp_path: Path) -> None:
    term = signed(tmp_path, "2026-01-20", evidence="minutes/room.md")
    [first, _] = findings(tmp_path, term)
    assert (first.code, first.line) == ("evidence-missing", 39)
    assert first.message == "`minutes/room.md`, by which sales signed, is not in the project."
    (tmp_path / "definitions" / "minutes").mkdir()
    (tmp_path / "definitions" / "minutes" / "room.md").write_text("agreed", encoding="utf-8")
    assert findings(tmp_path, term) == []
    (tmp_path.parent / "outside.md").write_text("agreed", encoding="utf-8")
    for elsewhere in (str(tmp_path.parent / "outside.md"), "../outside.md"):
        [other, _] = findings(tmp_path, signed(tmp_path, "2026-01-20", evidence=elsewhere))
        assert other.code == "evidence-missing"
    for words in ("https://example.com/minutes.pdf", "said on the floor", "ticket REV-12"):
        assert findings(tmp_path, signed(tmp_path, "2026-01-20", evidence=f"'{words}'")) == []


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 1, 25), []),
        (date(2026, 2, 1), [("half-signed", "warning")]),
        (date(2026, 3, 3), [("half-signed", "warning")]),
        (date(2026, 3, 4), [("half-signed", "error")]),
    ],
)
def test_what_some_have_signed_the_others_sign_in_time(
    tmp_path: Path, today: date, expected: list[tuple[str, str]]
) -> None:
    """Version 3 takes effect on 1 February; the thirty days run from then, or from a later first signature."""
    found = findings(tmp_path, signed(tmp_path, "2026-01-20", teams=("sales",)), today)
    assert told(found) == expected
    for problem in found:
        assert problem.line == 30
        assert problem.message == "Version 3 is signed by sales and waits for marketing."
        assert ("From 2026-03-04 on, this is an error." in problem.mending) == (problem.severity == "warning")


def test_grace_is_a_setting(tmp_path: Path) -> None:
    half = signed(tmp_path, "2026-02-20", teams=("sales",))
    assert told(findings(tmp_path, half, TODAY, grace=9)) == [("half-signed", "warning")]
    assert told(findings(tmp_path, half, TODAY, grace=8)) == [("half-signed", "error")]


@pytest.mark.parametrize("teams", [TEAMS, ("marketing",)])
def test_what_follows_a_signed_version_is_signed_before_it_takes_effect(tmp_path: Path, teams: tuple[str, ...]) -> None:
    """Half signed is signed, too: a new version is no way around the team that did not sign."""
    term = signed(tmp_path, "2025-08-01", number=2, teams=teams)
    term = term.replace("{every: 3 months}", "{every: 5 years}")
    [due] = [found for found in findings(tmp_path, term, date(2026, 1, 31)) if found.code != "half-signed"]
    assert (due.code, due.severity, due.line) == ("sign-off-due", "warning", 30 + len(teams))
    assert "takes effect on 2026-02-01 and waits for sales, marketing" in due.message
    [late] = findings(tmp_path, term, date(2026, 2, 1))
    assert (late.code, late.severity, late.line) == ("sign-off-missing", "error", due.line)
    assert "definitions packet big --version 3" in late.mending


def test_a_word_that_nobody_signed_is_a_draft_and_no_finding(tmp_path: Path) -> None:
    assert findings(tmp_path, TERM) == []
    governed = load_library(tmp_path).terms["big"]
    assert {governed.standing(version) for version in governed.term.versions} == {"draft"}


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
    assert told(found) == ([("review-overdue", severity)] if severity else [])


def test_a_signature_of_another_meaning_is_no_review(tmp_path: Path) -> None:
    """Whoever signed what the version said before has not looked at what it says now."""
    term = signed(tmp_path, "2026-01-31")
    findings(tmp_path, term)
    assert load_library(tmp_path).terms["big"].next_review == date(2026, 4, 30)
    assert not any(
        problem.code == "review-overdue"
        for problem in findings(tmp_path, term.replace("stage = 'open' OR", "stage <> 'won' OR"), date(2026, 8, 3))
    )
    assert load_library(tmp_path).terms["big"].next_review is None


def test_a_review_that_was_held_counts_from_its_day(tmp_path: Path) -> None:
    term = signed(tmp_path, "2026-01-31").replace("{every: 3 months}", "{every: 3 months, last: 2026-05-02}")
    assert findings(tmp_path, term, date(2026, 8, 2)) == []
    assert [problem.severity for problem in findings(tmp_path, term, date(2026, 8, 3))] == ["warning"]
