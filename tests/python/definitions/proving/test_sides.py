"""What `compare` understands by a name, and how it refuses what cannot be compared."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from plumbline.definitions import load_library
from plumbline.definitions.importing import load_variants
from plumbline.definitions.prover import Prover
from plumbline.definitions.proving.objects import truth_object, verdict_object
from plumbline.definitions.proving.sides import NamingError, Sides, numbers_compared, typed_in
from plumbline.definitions.semantics import load_semantics

from ..small_project import MEASURE, write_definitions
from .small_variants import write_variant

DAY = date(2025, 8, 1)


@pytest.fixture
def sides(small: Path) -> Sides:
    """The names of a project with the term `big` in three versions and the variant `big_sales`."""
    write_variant(small, "size >= 25")
    library = load_library(small)
    return Sides(library, load_variants(library), load_semantics(small), DAY)


def test_a_term_is_the_version_in_force(sides: Sides) -> None:
    assert sides.side("big", None).label == "big@2"
    assert sides.side("big@1", None).sql == "size >= 10"
    assert sides.side("big@2", None).sql == "(size >= 20) AND (is_gone IS NOT TRUE)"


def test_a_variant_is_what_its_source_says(sides: Sides) -> None:
    found = sides.side("big_sales", None)
    assert (found.label, found.sql, found.criteria) == ("big_sales", "size >= 25", {"size": "size >= 25"})
    assert sides.side("variant:big_sales", None) == found


@pytest.mark.parametrize(
    ("text", "what", "mending"),
    [
        ("bigg", "`bigg` is neither a term nor a variant", "Did you mean `big`?"),
        ("big@9", "`big` has no version 9", "versions 1 to 3"),
        ("size >= 10", "neither a term nor a variant", "--entity"),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(sides: Sides, text: str, what: str, mending: str) -> None:
    with pytest.raises(NamingError, match=what) as raised:
        sides.side(text, None)
    assert mending in raised.value.mending


@pytest.mark.parametrize(
    ("sql", "dialect", "what"),
    [
        ("size >= 10 AND (", "duckdb", "not SQL: .* at line 1, column"),
        ("sise >= 10", "duckdb", "`sise` is not a declared column of deal. Did you mean `size`"),
        ("size > 'large'", "duckdb", "does not fit the columns' types"),
        ("is_gone > due_date", "duckdb", "does not fit the columns' types"),
        ("size + 1", "duckdb", "is decimal.*, not a condition"),
        ("SELECT 1", "duckdb", "not a condition on one row"),
        ("size > 1", "duckdbb", "no SQL dialect"),
    ],
)
def test_slips_in_typed_in_sql_are_refused(sides: Sides, sql: str, dialect: str, what: str) -> None:
    with pytest.raises(NamingError, match=what) as raised:
        typed_in(sql, sides.entity("deal"), dialect)
    assert raised.value.mending


def test_what_is_only_beyond_the_prover_is_no_slip(sides: Sides) -> None:
    deal = sides.entity("deal")
    with Prover(deal) as prover:
        for sql in ("SUM(size) > 5", "my_function(size) = 1"):
            found = verdict_object(prover.compare(typed_in(sql, deal, "duckdb").sql, "size > 5"))
            assert found["verdict"] == "unknown" and found["reason"], sql


def test_verdicts_are_objects_of_plain_values(sides: Sides) -> None:
    with Prover(sides.entity("deal")) as prover:
        found = verdict_object(prover.compare("due_date < DATE '2026-01-01' OR size < 0.5", "size < 0.5"))
        assert found["verdict"] == "wider" and found["assumptions"] == [] and found["reason"] is None
        [row] = found["counterexamples"]
        assert (row["row"], row["answers"]) == ({"size": 10, "due_date": "2025-12-31"}, [True, False])
        different = truth_object(prover.measures("COALESCE(size, 0)", "size"))
        assert (different["verdict"], different["counterexamples"][0]["answers"]) == ("different", [0, None])


def test_measures_are_compared_by_what_a_row_adds(small: Path) -> None:
    write_definitions(small, MEASURE)
    library = load_library(small)
    sides = Sides(library, {}, {}, DAY)
    rate = sides.side("rate", None)
    assert rate.numbers["denominator"] == "CASE WHEN (size >= 10) AND (stage = 'open') THEN seats END"
    other = replace(rate, numbers={**rate.numbers, "numerator": "IF(stage = 'open' AND size >= 10, size, NULL)"})
    wrong = replace(rate, numbers={**rate.numbers, "numerator": "IF(stage = 'open' AND size > 10, size, NULL)"})
    with Prover(rate.entity) as prover:
        assert numbers_compared(prover, rate, other).holds is True
        found = numbers_compared(prover, rate, wrong)
        assert found.holds is False and found.counterexample is not None
        assert found.counterexample.row == {"stage": "open", "size": 10}
        with pytest.raises(NamingError, match="not made alike"):
            numbers_compared(prover, rate, sides.side("big", None))
