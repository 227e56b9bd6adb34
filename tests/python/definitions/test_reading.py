"""What a criterion may say, and that it keeps its meaning on the way to the engines."""

import duckdb
import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from plumbline.definitions.conditions import ConditionError, render, tree
from plumbline.definitions.portability import DIALECTS, unportable
from plumbline.definitions.reading import parse
from plumbline.definitions.schemas import Entity
from plumbline.definitions.types import check_condition

from .predicates import ROWS, conditions
from .small_project import ENTITY

DEAL = Entity.model_validate(yaml.safe_load(ENTITY))
UNBOUNDED = Entity.model_validate(yaml.safe_load(ENTITY.replace("min: 0, ", "")))


@pytest.fixture(scope="module")
def rows(memory: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    memory.execute(f"create or replace table deals as {ROWS}")
    return memory


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(text=conditions())
def test_a_rendered_condition_says_what_its_author_wrote(rows: duckdb.DuckDBPyConnection, text: str) -> None:
    """DuckDB reads the author's text by itself; on every row it agrees with what we render, NULL included."""
    node = parse(text)
    check_condition(node, UNBOUNDED)
    rendered = render(node)
    found = rows.execute(
        f"select count(*), count(*) filter (where ({text}) is distinct from ({rendered})) from deals"
    ).fetchone()
    assert found == (1620, 0), rendered


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(text=conditions())
def test_a_rendered_condition_reads_the_same_in_every_dialect(text: str) -> None:
    node = parse(text)
    assert unportable(node) == []
    rendered = render(node).lower()
    assert " is true" not in rendered
    assert " is not true" not in rendered
    assert tree(parse(render(parse(render(node))))) == tree(parse(render(node)))


def test_the_dialects_are_those_of_the_models() -> None:
    assert DIALECTS == ("duckdb", "postgres", "snowflake", "bigquery", "databricks")


@pytest.mark.parametrize(
    ("text", "says", "mends"),
    [
        ("stage =", "not SQL", "one condition"),
        ("stage = 'open'; size > 1", "not one condition", "exactly one"),
        ("", "not one condition", "exactly one"),
        ("stage ILIKE 'o%'", "ILIKE", "LOWER"),
        ("size / 2 > 1", "Division", "products"),
        ("TRIM(stage) = 'open'", "TRIM", "Clean the text"),
        ("stage = NULL", "NULL is never true", "IS NULL"),
        ("stage IN ('open', NULL)", "NULL is never true", "IS NULL"),
        ("due_date < CURRENT_DATE", "no clock", "Declare"),
        ("made_at < NOW()", "no clock", "Declare"),
        ("SUM(size) > 1", "one row", "as of the row's time"),
        ("ROW_NUMBER() OVER (ORDER BY size) = 1", "one row", "as of the row's time"),
        ("size IN (SELECT 1)", "one row", "Declare"),
        ("EXISTS (SELECT 1)", "one row", "Declare"),
        ("REGEXP_MATCHES(stage, 'o')", "not among", "Use comparisons"),
        ("CAST(size AS INTEGER) = 1", "only a cast to DATE", "Declare"),
        ("CASE WHEN is_gone THEN TRUE END", "CASE hides", "AND, OR"),
        ("stage = 'it''s'", "a quote", "Map the value"),
        (r"stage LIKE 'a\%'", "backslash", "Map the value"),
        ("stage LIKE 'a!%' ESCAPE '!'", "ESCAPE", "without an escape"),
        ("stage LIKE is_gone", "pattern has to be a text", "LIKE 'pattern'"),
        ("\"stage\" = 'open'", "quoted name", "without quotes"),
        ("deal.stage = 'open'", "not for criteria", "plain"),
        ("stage || 'x' = 'openx'", "Joining texts", "one by one"),
        ("size > 1e3", "inexact", "digits"),
        ("GREATEST(size, seats) > 1", "GREATEST", "comparisons out"),
        ("stage IS NOT DISTINCT FROM 'open'", "IS NOT DISTINCT FROM", "IS NULL"),
        ("size BETWEEN SYMMETRIC 2 AND 1", "symmetric", "plain"),
        ("stage IN (LOWER(stage))", "list of constants", "OR"),
        ("COALESCE(stage) = 'open'", "argument(s)", "two or more"),
        ("due_date > DATE 'soon'", "no day", "YYYY-MM-DD"),
    ],
)
def test_what_is_not_plain_is_refused_by_name(text: str, says: str, mends: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(text)
    assert says in caught.value.message
    assert mends in caught.value.mending


@pytest.mark.parametrize(
    ("text", "code", "says", "mends"),
    [
        ("staeg = 'open'", "unknown-column", "`staeg` is not a column of deal", "Did you mean `stage`?"),
        ("size", "wrong-type", "is a number, not a condition", "Compare"),
        ("size = 'ten'", "wrong-type", "compares a number with a text", "number"),
        (
            "due_date > '2026-01-01'",
            "wrong-type",
            "compares a date with a text",
            "CAST('YYYY-MM-DD' AS DATE)",
        ),
        ("made_at = due_date", "wrong-type", "compares a timestamp with a date", "CAST(column AS DATE)"),
        ("stage AND is_gone", "wrong-type", "is a text, not a boolean", "Compare"),
        ("size + stage > 1", "wrong-type", "is a text, not a number", "number"),
        ("is_gone > is_key", "wrong-type", "orders booleans", "IS TRUE"),
        ("stage = 'Open'", "never-occurs", "`stage` is never 'Open'", "Did you mean `open`?"),
        ("stage IN ('open', 'closed')", "never-occurs", "`stage` is never 'closed'", "Valid here"),
        ("size >= -1", "never-occurs", "it is at least 0", "bounds"),
        ("COALESCE(stage, '') <> 'opne'", "never-occurs", "`stage` is never 'opne'", "Did you mean `open`?"),
    ],
)
def test_a_slip_is_found_with_its_mending(text: str, code: str, says: str, mends: str) -> None:
    with pytest.raises(ConditionError) as caught:
        check_condition(parse(text), DEAL)
    assert caught.value.code == code
    assert says in caught.value.message
    assert mends in caught.value.mending


def test_the_fallback_of_coalesce_may_be_a_value_that_never_occurs() -> None:
    check_condition(parse("COALESCE(stage, '') <> ''"), DEAL)


def test_not_like_and_is_not_null_keep_their_negation_in_every_dialect() -> None:
    for text in ("stage NOT LIKE 'o%'", "stage IS NOT NULL", "NOT stage IN ('open')"):
        for dialect in DIALECTS:
            assert tree(parse(text, dialect))[0] == "not", (text, dialect)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("size > 0.20", "size > .2"),
        ("size > 20.0", "SIZE>20"),
        ("(stage = 'open') AND ((size > 1))", "stage = 'open' AND size > 1"),
        ("size != 1", "size <> 1"),
        ("due_date > DATE '2026-01-01'", "due_date > CAST('2026-01-01' AS date)"),
        ("stage NOT IN ('open')", "NOT stage IN ('open')"),
    ],
)
def test_spelling_does_not_move_the_tree(one: str, other: str) -> None:
    assert tree(parse(one)) == tree(parse(other))
