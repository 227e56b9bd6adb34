"""What compiled models say is what the definitions say: driven columns are their terms, and no model spells one."""

import json
from typing import TYPE_CHECKING

from definitions.small_project import ROOT
from plumbline.definitions import load_library
from plumbline.definitions.linting.baseline import hold, read_baseline
from plumbline.definitions.linting.lint import lint_models
from plumbline.definitions.proving.verifying import verified_problems, verify

if TYPE_CHECKING:
    from ..conftest import BuiltProject

BY_HAND = """
select opportunities.opportunity_key
from {relation} as opportunities
where opportunities.stage_category = 'won' and opportunities.is_deleted is not true
"""


def test_governed_columns_are_their_terms(built_project: "BuiltProject") -> None:
    manifest = json.loads((built_project.report.outcome.target_path / "manifest.json").read_text(encoding="utf-8"))
    library = load_library(ROOT)
    found = verify(library, manifest)
    assert [str(problem) for problem in verified_problems(library, found)] == []
    assert {item.term for item in found} == {name for name, governed in library.terms.items() if governed.term.drives}
    assert [item.column for item in found if item.state == "not provable"] == []


def test_no_model_spells_a_term(built_project: "BuiltProject") -> None:
    manifest = json.loads((built_project.report.outcome.target_path / "manifest.json").read_text(encoding="utf-8"))
    supplier = manifest["nodes"]["model.plumbline.int_opportunities_resolved"]
    planted = {
        "name": "planted",
        "resource_type": "model",
        "relation_name": '"marts"."main"."planted"',
        "compiled_code": BY_HAND.format(relation=supplier["relation_name"]),
        "columns": {},
        "depends_on": {"macros": [], "nodes": [supplier["unique_id"]]},
    }
    manifest["nodes"]["model.plumbline.planted"] = planted
    library = load_library(ROOT)
    found = hold(ROOT, lint_models(library, manifest), read_baseline(ROOT))
    assert [(item.path, item.line, item.code, item.term) for item in found.new] == [("planted.sql", 4, "D1", "won")]
    assert found.gone == ()
