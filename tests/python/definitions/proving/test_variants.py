"""Variants against the shared version in force: the relation, the criteria, and what is a finding."""

from datetime import date
from pathlib import Path

import pytest

from plumbline.definitions import load_library
from plumbline.definitions.importing import load_variants
from plumbline.definitions.proving.variants import Proof, proof_object, prove_variants

from .small_variants import write_variant

# Version 2 is in force: size >= 20, and is_gone IS NOT TRUE.
DAY = date(2025, 8, 1)


def proved(root: Path, sql: str, day: date = DAY, **variant: str) -> Proof:
    write_variant(root, sql, **variant)
    [proof] = prove_variants(list(load_variants(load_library(root)).values()), {}, day)
    return proof


def test_each_criterion_has_a_standing(small: Path) -> None:
    proof = proved(small, "size >= 25 AND seats > 3", expect="overlapping")
    assert (proof.shared.label, proof.verdict.verdict, proof.as_expected) == ("big@2", "overlapping", True)
    assert [(item.criterion, item.standing) for item in proof.criteria] == [("size", "stricter"), ("kept", "missing")]
    assert (proof.added, proof.problems) == ({"seats": "seats > 3"}, ())


@pytest.mark.parametrize(
    ("sql", "standings"),
    [
        ("size > 19.99 AND size >= 20 AND is_gone IS NOT TRUE", ["same", "same"]),
        ("size >= 15 AND NOT is_gone", ["looser", "stricter"]),
        ("size BETWEEN 5 AND 30 AND is_gone IS NOT TRUE", ["different", "same"]),
        ("(size >= 30 AND is_gone IS NOT TRUE) OR (size >= 40 AND is_gone IS NULL)", ["stricter", "stricter"]),
        ("seats > 3", ["missing", "missing"]),
    ],
)
def test_standings(small: Path, sql: str, standings: list[str]) -> None:
    assert [item.standing for item in proved(small, sql).criteria] == standings


def test_the_version_of_the_day_is_what_counts(small: Path) -> None:
    early = proved(small, "size >= 10", date(2024, 6, 1), expect="equivalent", stance="must_match")
    assert (early.shared.label, early.verdict.verdict, early.problems) == ("big@1", "equivalent", ())


def test_a_relation_that_nobody_expected_is_a_finding(small: Path) -> None:
    [problem] = proved(small, "size >= 25 AND is_gone IS NOT TRUE", expect="wider").problems
    assert (problem.path, problem.line, problem.code) == ("definitions/variants/big_sales.yml", 7, "not-as-expected")
    assert "is narrower, not wider as expected" in problem.message and problem.mending


def test_what_must_match_and_does_not_is_a_finding(small: Path) -> None:
    proof = proved(small, "size >= 20 AND NOT is_gone", expect="equivalent", stance="must_match")
    [problem] = proof.problems
    assert problem.code == "must-match"
    assert problem.message == "`big_sales` must match, but is narrower, only where a value is missing."


def test_an_accepted_difference_expires(small: Path) -> None:
    sql = "size >= 25 AND is_gone IS NOT TRUE"
    assert proved(small, sql, date(2025, 8, 1), expect="narrower", expires="2025-08-01").problems == ()
    [problem] = proved(small, sql, date(2025, 8, 2), expect="narrower", expires="2025-08-01").problems
    assert problem.code == "difference-expired"


def test_machines_get_one_object(small: Path) -> None:
    found = proof_object(proved(small, "size >= 25 AND is_gone IS NOT TRUE", expect="narrower"))
    assert (found["variant"], found["verdict"], found["as_expected"]) == ("big_sales", "narrower", True)
    assert found["counterexamples"][0]["answers"] == [False, True]
    assert {item["standing"] for item in found["criteria"]} == {"same", "stricter"}
