"""`compare` and `prove`: what people and machines see, and when they exit with 1."""

import json
from pathlib import Path

import pytest

from definitions.proving.small_variants import write_variant
from plumbline.definitions.proving.sides import NamingError
from plumbline.project.errors import SettingsError

from .running import run


def test_compare_shows_a_row_with_labels(root: Path) -> None:
    found = run(root, "compare", "big@1", "big@2")
    assert found.exit_code == 0
    lines = [" ".join(line.split()) for line in found.stdout.splitlines()]
    assert lines == [
        "big@1 is wider than big@2: it is true for whatever big@2 is.",
        "row 1",
        "Size 10",
        "Gone false",
        "big@1 yes",
        "big@2 no",
    ]


def test_compare_is_one_object_for_machines(root: Path) -> None:
    found = run(root, "compare", "big@1", "size > 9", "--entity", "deal", "--json")
    said = json.loads(found.stdout)
    assert (found.exit_code, said["verdict"], said["first"], said["not_seen"]) == (0, "narrower", "big@1", {})
    assert said["counterexamples"][0]["answers"] == [False, True]


def test_numbers_of_a_row_are_compared(root: Path) -> None:
    found = run(root, "compare", "--measure", "--entity", "deal", "size * 2", "size + size")
    assert (found.exit_code, found.stdout.splitlines()[0]) == (0, "size * 2 and size + size are equal on every row.")


def test_without_the_solver_commands_say_what_to_install(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    found = run(root, "compare", "big@1", "big@2")
    assert isinstance(found.exception, SettingsError)
    assert "z3-solver" in found.exception.what and "plumbline[prove]" in found.exception.mending


def test_prove_exits_with_1_when_a_variant_is_not_as_expected(root: Path) -> None:
    write_variant(root, "size >= 25 AND is_gone IS NOT TRUE", expect="narrower")
    as_expected = run(root, "prove", "big", "--today", "2025-08-01")
    assert as_expected.exit_code == 0
    assert "1 variants, 1 as expected." in as_expected.stdout
    assert ["size", "stricter", "size", ">=", "20", "size", ">=", "25"] in map(
        str.split, as_expected.stdout.splitlines()
    )
    write_variant(root, "size >= 15", expect="narrower")
    found = run(root, "prove", "--today", "2025-08-01")
    assert found.exit_code == 1
    assert "big_sales.yml:7: error [not-as-expected]" in found.stderr
    [proof] = json.loads(run(root, "prove", "--today", "2025-08-01", "--json").stdout)["proofs"]
    assert (proof["verdict"], proof["as_expected"]) == ("wider", False)


def test_prove_knows_its_terms(root: Path) -> None:
    found = run(root, "prove", "bigg")
    assert isinstance(found.exception, NamingError) and found.exception.mending == "Did you mean `big`?"
    assert run(root, "prove").stdout == "There are no variants in definitions/variants.\n"
