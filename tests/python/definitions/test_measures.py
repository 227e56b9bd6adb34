"""Measures and transitions: what is wrong with them is found, what they say is executed."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from plumbline.definitions import DefinitionsError, build, check_library, load_library, meaning
from plumbline.definitions.problems import Problem
from plumbline.definitions.schemas import Measure

from .small_project import MEASURE, TERM, write_definitions

TODAY = date(2026, 3, 1)


def project(root: Path, measure: str = MEASURE, term: str = TERM) -> Path:
    write_definitions(root, term)
    (root / "definitions" / "terms" / "rate.yml").write_text(measure, encoding="utf-8")
    return root


def findings(root: Path) -> list[Problem]:
    try:
        return check_library(load_library(root), TODAY)
    except DefinitionsError as error:
        return error.problems


def test_a_measure_that_holds_is_no_finding(tmp_path: Path) -> None:
    assert findings(project(tmp_path)) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("expect: 7.5", "expect: 7.4", "example-fails", "Expected 7.4, but the rows give 30"),
        ("expect: 3.33", "expect: 3.34", "example-fails", "Expected 3.34"),
        ("seats: 0}], expect: null", "seats: 0}], expect: 0", "example-fails", "Expected 0, but"),
        ("size: 9, seats: 3}], expect: null", "size: 10, seats: 3}], expect: null", "example-fails", "Expected None"),
        ("numerator: {sql: size}", "numerator: {sql: stage}", "wrong-type", "is a text, not a number"),
        ("numerator: {sql: size}", "numerator: {sql: sise}", "unknown-column", "`sise`"),
        ("denominator: {sql: seats}", "denominator: {sql: is_gone}", "wrong-type", "is a boolean, not a number"),
        ("as_of: due_date", "as_of: due_day", "unknown-column", "`due_day`"),
        ("as_of: due_date", "as_of: seats", "wrong-type", "a period begins on a day"),
        ('has_a_size: {sql: "size >= 10"}', 'has_a_size: {sql: "size >= 11"}', "identity-fails", "breaks `has_a_size`"),
        ('large: {sql: "size >= 10"}', 'large: {sql: "size + 10"}', "wrong-type", "not a condition"),
        ("{stage: won, size: 99, seats: 1}", "{stage: won, sise: 99}", "unknown-column", "`sise`"),
        ("version: 1", "version: 2", "version-order", "numbered 2"),
        ("entity: deal", "entity: dael", "unknown-entity", "`dael`"),
        ("waits_for: [agg_deals]\n", "", "orphan", "No column of a mart says `rate`."),
    ],
)
def test_a_wrong_measure_is_found(tmp_path: Path, old: str, new: str, code: str, says: str) -> None:
    assert old in MEASURE
    found = findings(project(tmp_path, MEASURE.replace(old, new, 1)))
    assert {problem.code for problem in found} == {code}, found
    assert says in found[0].message
    assert found[0].path == "definitions/terms/rate.yml"


@pytest.mark.parametrize(
    "change",
    [
        ("size >= 10", "size > 10"),
        ("numerator: {sql: size}", "numerator: {sql: size + 0}"),
        ("    denominator: {sql: seats}\n", ""),
        ("as_of: due_date", "as_of: made_at"),
        ("as_of: due_date", "as_of: due_date\n    window: 12 months"),
    ],
)
def test_every_part_of_a_number_moves_its_meaning(change: tuple[str, str]) -> None:
    def hashed(text: str) -> str:
        measure = Measure.model_validate(yaml.safe_load(text))
        return meaning(measure, measure.versions[0])

    assert hashed(MEASURE.replace(*change, 1)) != hashed(MEASURE)
    assert hashed(MEASURE.replace("has_a_size", "is_sized")) == hashed(MEASURE), (
        "what follows from it is not part of it"
    )


def test_what_marts_say_is_named_and_nothing_waits_for_what_is_there(tmp_path: Path) -> None:
    project(tmp_path, term=TERM.replace("waits_for: [fct_deals]", "drives: [{model: fct_dael, column: is_big}]"))
    model = tmp_path / "models" / "agg_deals.sql"
    model.parent.mkdir()
    model.write_text("select 1 as one")
    assert [(problem.code, problem.path) for problem in findings(tmp_path)] == [
        ("unknown-model", "definitions/terms/big.yml"),
        ("waits-in-vain", "definitions/terms/rate.yml"),
    ]


def test_a_transition_comes_from_another_term_of_its_entity(tmp_path: Path) -> None:
    moved = TERM.replace("kind: predicate", "kind: transition").replace(
        "    criteria:", "    comes_from: {}\n    criteria:"
    )
    assert [problem.code for problem in findings(project(tmp_path, term=moved.replace("{}", "rate")))] == [
        "unknown-term"
    ] * 3
    small = TERM.replace("term: big", "term: small")
    (tmp_path / "definitions" / "terms" / "small.yml").write_text(small)
    project(tmp_path, term=moved.replace("{}", "small"))
    assert findings(tmp_path) == []
    build(load_library(tmp_path))
    assert "Reached only from small." in (tmp_path / "models" / "utilities" / "definitions.md").read_text()
