"""What a change does to meaning, for each version, and what it needs."""

import shutil
from pathlib import Path

import pytest

from plumbline.definitions import load_library
from plumbline.definitions.proving.changes import Change, change_object, change_problems, changes, in_words
from plumbline.definitions.proving.ledger import look, record

from ..small_project import TERM, write_definitions
from ..test_approvals import signed as signed_on
from .test_ledger import signed

NEXT = """  - version: 4
    effective_from: 2027-01-01
    statement: An open deal of five or more.
    criteria:
      open: {sql: "stage = 'open'"}
      size: {sql: "size >= 5"}
    examples:
      - {stage: open, size: 5, expect: true}
      - {size: 100, expect: false}
    sign_off: []
"""


def with_next(term: str) -> str:
    """The term with a fourth version."""
    return term.replace("waits_for:", f"{NEXT}waits_for:")


def changed(small: Path, term: str, base: str = TERM, redraft: bool = False) -> list[Change]:
    """What becomes of the versions when the term is written anew."""
    write_definitions(small, base)
    library = load_library(small)
    record(library, look(library))
    before = load_library(small)
    write_definitions(small, term)
    if redraft:
        record(load_library(small), look(load_library(small), ["big"]))
    return changes(before, load_library(small))


def signed_by(small: Path, teams: tuple[str, ...]) -> str:
    """The term, its newest version signed by some teams."""
    return signed_on(small, "2026-01-20", teams=teams)


def test_nothing_changed(small: Path) -> None:
    found = changed(small, TERM.replace("size >= 20", "( size  >=  20 )"))
    assert [(change.kind, change.needs) for change in found] == [("unchanged", ())] * 3
    assert found[0].waits_for == ("sales", "marketing")


def test_agreement_is_not_taken_back_in_silence(small: Path) -> None:
    """A meaning that stays is signed by those who signed it; who was asked and did not sign is asked on."""
    half = signed_by(small, ("sales",))
    for term, needs in (
        (TERM, ("the sign-off of sales back, which was given",)),
        (
            half.replace("[sales, marketing]", "[sales, customer_success]"),
            ("marketing among the required_sign_offs: it was asked, and did not sign",),
        ),
        (signed_by(small, ("sales", "marketing")), ()),
    ):
        found = changed(small, term, base=half)[2]
        assert (found.kind, found.needs) == ("unchanged", needs)
        assert [problem.code for problem in change_problems([found])] == ["sign-off-missing"] * bool(needs)
    draft = changed(small, TERM.replace("[sales, marketing]", "[sales, customer_success]"))[2]
    assert draft.needs == (), "what nobody has signed may be asked of others"


def test_a_refactor_needs_nothing(small: Path) -> None:
    second = changed(small, TERM.replace("size >= 20", "NOT size < 20"))[1]
    assert (second.kind, second.needs) == ("same meaning", ())
    assert in_words(second) == "worded otherwise, proved to mean the same"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("size >= 20", "size >= 21", "changed: narrower"),
        ("size >= 20", "size >= 19", "changed: wider"),
        ("2025-07-01", "2025-06-01", "changed: other first day"),
    ],
)
def test_another_meaning_needs_a_version(small: Path, old: str, new: str, words: str) -> None:
    found = changed(small, TERM.replace(old, new))
    assert in_words(found[1]) == words
    assert found[1].needs == ("version 4 with its own effective_from, instead of another version 2",)
    [problem] = change_problems(found)
    assert (problem.code, problem.line) == ("bump-missing", 20)
    assert change_object(found[1])["kind"] == "changed"


def test_a_draft_that_is_recorded_anew_only_waits(small: Path) -> None:
    second = changed(small, TERM.replace("size >= 20", "size >= 21"), redraft=True)[1]
    assert (in_words(second), second.needs) == ("redrafted: narrower", ())
    assert second.waits_for == ("sales", "marketing")


def test_a_new_version_is_held_against_the_one_before(small: Path) -> None:
    last = changed(small, with_next(TERM))[3]
    assert in_words(last) == "new version: narrower (against the version before)"
    assert (last.needs, last.waits_for) == ((), ("sales", "marketing"))


def test_what_follows_a_signed_version_needs_sign_offs(small: Path) -> None:
    agreed = signed(TERM, small, 3)
    found = changed(small, with_next(agreed), base=agreed)
    assert found[3].needs == ("the sign-off of sales", "the sign-off of marketing")
    [problem] = change_problems(found)
    assert problem.code == "sign-off-missing"
    edited = changed(small, agreed.replace("stage = 'open' OR", "stage = 'won' OR"), base=agreed)
    assert edited[2].needs[1] == "the sign-offs of sales, marketing"


def test_what_was_removed(small: Path) -> None:
    [*_, third] = changed(small, TERM[: TERM.index("  - version: 3")])
    assert (third.kind, len(third.needs)) == ("removed", 1)
    before = load_library(small)
    shutil.move(small / "definitions" / "terms" / "big.yml", small / "big.yml")
    write_definitions(small, TERM.replace("term: big", "term: large"))
    kinds = {(change.term, change.kind) for change in changes(before, load_library(small))}
    assert kinds == {("big", "removed"), ("large", "new term")}
