"""Criteria that decide nothing or exclude each other, and identities that do not follow."""

from pathlib import Path

import pytest

from plumbline.definitions import load_library
from plumbline.definitions.proving.criteria import criteria_problems

from ..small_project import ENTITY, MEASURE, TERM, write_definitions

FACT = 'facts:\n  sized: {sql: "size < 10 OR COALESCE(seats, 0) > 0", why: Who buys much buys seats.}\n'


@pytest.mark.parametrize(
    ("criterion", "code", "says"),
    [
        ("size < 20", "never-true", "No row can ever meet all of size, kept."),
        ("is_gone IS NULL OR is_gone OR NOT is_gone", "always-true", "`kept` is true of every row"),
        ("size > 5", "implied", "`kept` is true wherever the other criteria are"),
        ("size IS NULL OR size >= 0", "always-true", "That follows from: `size` is at least 0."),
    ],
)
def test_criteria_that_do_nothing_are_named(tmp_path: Path, criterion: str, code: str, says: str) -> None:
    write_definitions(tmp_path, TERM.replace("is_gone IS NOT TRUE", criterion))
    [problem] = criteria_problems(load_library(tmp_path))
    assert (problem.code, problem.path) == (code, "definitions/terms/big.yml")
    assert says in problem.message and problem.mending
    assert problem.line == (23 if code == "never-true" else 25)


def test_sound_criteria_have_no_findings(small: Path) -> None:
    assert criteria_problems(load_library(small)) == []


def test_an_identity_follows_from_the_cohort_and_the_facts(tmp_path: Path) -> None:
    measure = MEASURE.replace('has_a_size: {sql: "size >= 10"}', 'has_seats: {sql: "seats > 0"}')
    write_definitions(tmp_path, TERM)
    write_definitions(tmp_path, measure)
    [problem] = criteria_problems(load_library(tmp_path))
    assert (problem.code, problem.line) == ("identity-not-proved", 22)
    assert problem.message.startswith("`has_seats` does not follow for {stage: open, size: 10, seats: ")
    write_definitions(tmp_path, measure, ENTITY + FACT)
    assert criteria_problems(load_library(tmp_path)) == []
