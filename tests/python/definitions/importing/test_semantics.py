"""Every rule about a vendor's operators has its source; a slip in the file is one finding with its line."""

from datetime import date
from pathlib import Path

import pytest

from plumbline.definitions.problems import DefinitionsError
from plumbline.definitions.semantics import load_semantics

from ..small_project import ROOT
from .people import SEMANTICS, problem_of

FILE = (ROOT / "definitions" / "semantics" / "marketo.yml").read_text(encoding="utf-8")


def line_of(text: str) -> int:
    return FILE[: FILE.index(text)].count("\n") + 1


def test_both_vendors_are_listed_and_every_source_is_used() -> None:
    assert set(SEMANTICS) == {"marketo", "salesforce"}
    for semantics in SEMANTICS.values():
        used = set(semantics.empty_text.sources)
        for note in [*semantics.notes.values(), *semantics.refused.values()]:
            used |= set(note.sources)
        for rules in semantics.operators.values():
            for rule in rules.values():
                used |= set(rule.sources)
        # The page on filter logic is where the importer's brackets come from.
        assert set(semantics.sources) - used <= {"filter_logic"}
        assert all(source.read >= date(2026, 11, 22) for source in semantics.sources.values())


@pytest.mark.parametrize(
    ("old", "new", "at", "code", "says", "mends"),
    [
        ("vendor: marketo", "vendor: marketto", "vendor:", "file-name", "marketo", "marketto.yml"),
        ("test: equals", "test: eqals", "test: equals", "wrong-value", "operators.text.is.test", "README"),
        ("read: 2026-11-22", "read: some day", "read: 2026", "wrong-value", "read", "README"),
        ("url: https", "url: htps", "url: https", "wrong-value", "url", "README"),
        (
            "sources: [glossary, several_values]",
            "sources: [glosary, several_values]",
            "sources: [glossary, several_values]",
            "unknown-source",
            "`glosary`",
            "Did you mean `glossary`?",
        ),
        (
            "sources: [glossary, several_values]",
            "sources: []",
            "sources: [glossary, several_values]",
            "wrong-value",
            "sources",
            "README",
        ),
        ("      case: ignored\n", "", "    is:\n", "wrong-value", "`case`", "Add"),
        (
            "empty: as_zero",
            "empty: as_false",
            "    is:\n      {test: equals",
            "wrong-value",
            "`as_false`",
            "another rule",
        ),
        (
            "{test: is_empty, empty: matches, says: There is no date.",
            "{test: is_empty, empty: does_not_match, says: There is no date.",
            "    is empty:\n      {test: is_empty, empty: matches, says: There is no date.",
            "wrong-value",
            "contradicts itself",
            "`empty`",
        ),
    ],
)
def test_a_wrong_rule_is_found(tmp_path: Path, old: str, new: str, at: str, code: str, says: str, mends: str) -> None:
    path = tmp_path / "definitions" / "semantics" / "marketo.yml"
    path.parent.mkdir(parents=True)
    path.write_text(FILE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionsError) as raised:
        load_semantics(tmp_path)
    problem = problem_of(raised)
    assert (problem.path, problem.line) == ("definitions/semantics/marketo.yml", line_of(at)), problem
    assert problem.code == code
    assert says in problem.message
    assert mends in problem.mending
