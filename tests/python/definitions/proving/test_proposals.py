"""A proposed change: read from an edited file or from words, and held against the version in force."""

from datetime import date
from pathlib import Path

import pytest

from plumbline.definitions import load_library
from plumbline.definitions.problems import DefinitionsError
from plumbline.definitions.proving.proposals import of_file, of_words
from plumbline.definitions.proving.sides import NamingError

from ..small_project import TERM

DAY = date(2025, 8, 1)


def test_an_edited_file_is_held_against_the_version_in_force(small: Path) -> None:
    library = load_library(small)
    edited = small / "edited.yml"
    edited.write_text(TERM.replace("size >= 20", "size >= 15").replace("{size: 20,", "{size: 15,"))
    change = of_file(library, DAY, edited)
    assert (change.now.label, change.now.criteria["size"]) == ("big@2", "size >= 20")
    assert change.proposed.criteria == {"size": "size >= 15", "kept": "is_gone IS NOT TRUE"}
    assert not change.changes_nothing
    # the newest version, where only that could be meant
    assert of_file(library, date(2026, 3, 1), small / "definitions" / "terms" / "big.yml").changes_nothing


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ('"size >= 20"', '"sise >= 20"', "unknown-column", 24),
        ("term: big", "term: bigg", "unknown-term", 2),
        ("statement: An open deal.", "statment: An open deal.", "unknown-key", 32),
        ("effective_from: 2026-02-01", "effective_from: 2025-07-01", "overlap", 31),
    ],
)
def test_slips_in_an_edited_file_are_named_by_line(small: Path, old: str, new: str, code: str, line: int) -> None:
    edited = small / "edited.yml"
    edited.write_text(TERM.replace(old, new))
    with pytest.raises(DefinitionsError) as raised:
        of_file(load_library(small), DAY, edited)
    (problem,) = raised.value.problems
    assert (problem.code, problem.line, problem.path) == (code, line, edited.as_posix())


def test_what_a_term_comes_from_is_no_change_of_conditions(small: Path) -> None:
    """A backtest of both would leave it out, and say that it is the same in both."""
    for name in ("hot", "warm"):
        (small / "definitions" / "terms" / f"{name}.yml").write_text(TERM.replace("term: big", f"term: {name}"))
    moved = TERM.replace("kind: predicate", "kind: transition").replace(
        "    criteria:", "    comes_from: {}\n    criteria:"
    )
    (small / "definitions" / "terms" / "big.yml").write_text(moved.replace("{}", "hot"))
    library = load_library(small)
    edited = small / "edited.yml"
    edited.write_text(moved.replace("{}", "hot").replace("size >= 20", "size >= 15"))
    assert of_file(library, DAY, edited).proposed.criteria["size"] == "size >= 15"
    edited.write_text(moved.replace("{}", "warm").replace("size >= 20", "size >= 15"))
    with pytest.raises(DefinitionsError, match="reached only from warm, the version in force from hot"):
        of_file(library, DAY, edited)


def test_words_replace_add_and_leave_out(small: Path) -> None:
    governed = load_library(small).terms["big"]
    version = governed.in_force(DAY)
    said = of_words(governed, version, ["size=size >= 15", "open=stage = 'open'"], ["kept"])
    assert said.proposed.criteria == {"size": "size >= 15", "open": "stage = 'open'"}
    assert of_words(governed, version, ["size=SIZE>=20"], []).changes_nothing
    for criteria, without, says in (
        (["size >= 15"], [], "has no name"),
        (["size=sise = 15"], [], "`sise` is not a column"),
        (["size=now() > made_at"], [], "reads no clock"),
        ([], ["kep"], "no criterion `kep`"),
        ([], ["size", "kept"], "Nothing is left"),
    ):
        with pytest.raises(NamingError, match=says) as raised:
            of_words(governed, version, criteria, without)
        assert raised.value.mending
