"""Every column of the marts that a term drives is the term, proved from the SQL that the night compiled."""

import json
from typing import TYPE_CHECKING

from definitions.small_project import ROOT
from plumbline.definitions import load_library
from plumbline.definitions.proving.verifying import verified_problems, verify

if TYPE_CHECKING:
    from ..conftest import BuiltProject


def test_governed_columns_are_their_terms(built_project: "BuiltProject") -> None:
    manifest = json.loads((built_project.report.outcome.target_path / "manifest.json").read_text(encoding="utf-8"))
    library = load_library(ROOT)
    found = verify(library, manifest)
    assert [str(problem) for problem in verified_problems(library, found)] == []
    assert {item.term for item in found} == {name for name, governed in library.terms.items() if governed.term.drives}
    assert [item.column for item in found if item.state == "not provable"] == []
