"""The generated macros, rendered by dbt and executed: on examples, on every day, on every row."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pytest
import sqlglot
from dbt.artifacts.schemas.run import RunExecutionResult
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.definitions import load_library
from plumbline.definitions.evaluation import answer
from plumbline.definitions.portability import DIALECTS

from .predicates import ROWS
from .small_project import ROOT, TERM, SmallDbt, write_definitions

LIBRARY = load_library(ROOT)
TERMS = list(LIBRARY.terms.values())
Render = Callable[[Sequence[str]], list[str]]

# All that a macro may be called with, for every term of the project; dbt starts once.
CALLS = [call for term in TERMS for call in (f"{term.term.macro}('row')", f"{term.term.macro}('')")]


@pytest.fixture(scope="module")
def rendered(project_calls: Render) -> dict[str, str]:
    """The SQL of each of CALLS."""
    return dict(zip(CALLS, project_calls(CALLS), strict=True))


@pytest.mark.parametrize("name", LIBRARY.terms)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_macro_parses_in_each_dialect(rendered: dict[str, str], name: str, dialect: str) -> None:
    macro = LIBRARY.terms[name].term.macro
    for sql in (rendered[f"{macro}('row')"], rendered[f"{macro}('')"]):
        assert sqlglot.parse_one(f"select {sql} as answer from things as row", read=dialect) is not None
        assert " is true" not in sql.lower()


@pytest.mark.parametrize("name", LIBRARY.terms)
def test_columns_are_qualified_by_the_alias_that_is_given(rendered: dict[str, str], name: str) -> None:
    term = LIBRARY.terms[name]
    with_alias = sqlglot.parse_one(rendered[f"{term.term.macro}('row')"]).find_all(sqlglot.exp.Column)
    assert {(column.table, column.name) for column in with_alias} == {("row", name) for name in term.columns}
    without = sqlglot.parse_one(rendered[f"{term.term.macro}('')"]).find_all(sqlglot.exp.Column)
    assert {(column.table, column.name) for column in without} == {("", name) for name in term.columns}


@pytest.mark.parametrize("name", LIBRARY.terms)
def test_each_macro_answers_its_examples(
    rendered: dict[str, str], memory: duckdb.DuckDBPyConnection, name: str
) -> None:
    """The checked-in macro, the criteria by themselves, and people's expectation: all three agree."""
    term = LIBRARY.terms[name]
    sql = rendered[f"{term.term.macro}('row')"]
    own = {"text": "varchar", "integer": "bigint", "decimal": "decimal(38, 9)"}
    types = {name: own.get(column.type, column.type) for name, column in term.entity.columns.items()}
    for example in term.newest.examples:
        columns = ", ".join(f"cast(${column} as {types[column]}) as {column}" for column in term.columns)
        values = {column: example.values.get(column) for column in term.columns}
        found = memory.execute(f"select {sql} from (select {columns}) as row", values).fetchone()
        assert found == (example.expect,), example
        assert answer(memory, term, term.newest, example).value is example.expect


ACCOUNTS = """
    select won_opportunity_count, days_since_last_won, has_active_contract
    from (values (0), (1), (2), (cast(null as bigint))) as won (won_opportunity_count)
    cross join (values (0), (456), (457), (9000), (cast(null as bigint))) as days (days_since_last_won)
    cross join (values (true), (false), (cast(null as boolean))) as contracts (has_active_contract)
"""

OPPORTUNITIES = """
    select stage_category, is_deleted, forecast_category, amount, close_date, probability
    from (
        values ('open'), ('won'), ('lost'), ('omitted'), ('unmapped'), (cast(null as varchar))
    ) as stages (stage_category)
    cross join (values (true), (false), (cast(null as boolean))) as deleted (is_deleted)
    cross join (values ('omitted'), ('commit'), (cast(null as varchar))) as forecasts (forecast_category)
    cross join (values (cast(0 as decimal(18, 2))), (-5), (10), (null)) as amounts (amount)
    cross join (values (date '2026-03-31'), (cast(null as date))) as days (close_date)
    cross join (
        values (cast(0.19 as decimal(9, 4))), (0.2), (cast(null as decimal(9, 4)))
    ) as chances (probability)
"""


def test_every_account_is_in_exactly_one_customer_state(
    rendered: dict[str, str], memory: duckdb.DuckDBPyConnection
) -> None:
    states = [rendered[f"is_{state}('row')"] for state in ("active_customer", "former_customer", "prospect")]
    count = " + ".join(f"cast({state} as integer)" for state in states)
    found = memory.execute(f"select min({count}), max({count}), count(*) from ({ACCOUNTS}) as row")
    assert found.fetchone() == (1, 1, 60)


def test_won_lost_and_open_exclude_each_other_and_pipeline_is_part_of_open(
    rendered: dict[str, str], memory: duckdb.DuckDBPyConnection
) -> None:
    names = ("open", "won", "lost", "pipeline", "qualified_pipeline")
    terms = {name: rendered[f"is_{name}('row')"] for name in names}
    answers = ", ".join(f"{sql} as is_{name}" for name, sql in terms.items())
    found = memory.execute(
        f"""
        with answers as (select {answers} from ({OPPORTUNITIES}) as row)
        select
            count(*) filter (where (is_open and is_won) or (is_open and is_lost) or (is_won and is_lost)),
            count(*) filter (where is_pipeline and not is_open),
            count(*) filter (where is_qualified_pipeline and not is_pipeline),
            count(*) filter (where is_pipeline),
            count(*) - count(is_open and is_won and is_lost and is_pipeline and is_qualified_pipeline)
        from answers
        """
    )
    assert found.fetchone() == (0, 0, 0, 96, 0)


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A term of three versions, rendered with and without a day."""
    small = SmallDbt(write_definitions(tmp_path_factory.mktemp("versions")))
    small.build()
    calls = {
        "as_of": "is_big('row', as_of='row.day')",
        "newest": "is_big('row')",
        "renamed": "is_big('row', columns={'stage': 'phase', 'is_gone': 'false', 'size': 'row.amount * 2'})",
        "renamed as of": "is_big('row', as_of='day', columns={'stage': 'phase', 'size': 'row.amount * 2'})",
    }
    return dict(zip(calls, small.render(list(calls.values())), strict=True))


def expected(day: date | None, stage: str | None, size: float | None, gone: bool | None) -> bool:
    """What TERM says, in Python, written apart from the SQL."""
    if day is not None and day < date(2025, 7, 1):
        return size is not None and size >= 10
    if day is not None and day < date(2026, 2, 1):
        return size is not None and size >= 20 and gone is not True
    return stage == "open"


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    day=st.one_of(
        st.none(),
        st.sampled_from([date(2025, 6, 30), date(2025, 7, 1), date(2026, 1, 31), date(2026, 2, 1), date(2023, 12, 31)]),
        st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    ),
    stage=st.sampled_from([None, "open", "won", "lost"]),
    size=st.sampled_from([None, 0, 9.99, 10, 19.5, 20, 1000]),
    gone=st.sampled_from([None, True, False]),
)
def test_the_version_in_force_on_the_day_judges(
    versions: dict[str, str],
    memory: duckdb.DuckDBPyConnection,
    day: date | None,
    stage: str | None,
    size: float | None,
    gone: bool | None,
) -> None:
    row = """
        select cast($day as date) as day, cast($stage as varchar) as stage, cast($stage as varchar) as phase,
            cast($size as decimal(18, 2)) as size, cast($size as decimal(18, 2)) / 2 as amount,
            cast($gone as boolean) as is_gone
    """
    found = memory.execute(
        f"select {versions['as_of']}, {versions['newest']}, {versions['renamed as of']} from ({row}) as row",
        {"day": day, "stage": stage, "size": size, "gone": gone},
    ).fetchone()
    on_the_day, newest = expected(day, stage, size, gone), expected(None, stage, size, gone)
    assert found == (on_the_day, newest, on_the_day)


def test_the_answer_is_never_null(versions: dict[str, str], memory: duckdb.DuckDBPyConnection) -> None:
    days = "select cast(day as date) as day from (values ('2020-01-01'), ('2025-08-01'), (null)) as days (day)"
    found = memory.execute(
        f"""
        select count(*), count({versions["as_of"]}), count({versions["newest"]})
        from (select deals.*, days.day from ({ROWS}) as deals cross join ({days}) as days) as row
        """
    ).fetchone()
    assert found == (4860, 4860, 4860)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_choice_of_versions_parses_in_each_dialect(versions: dict[str, str], dialect: str) -> None:
    for sql in versions.values():
        assert sqlglot.parse_one(f"select {sql} as answer from things as row", read=dialect) is not None


def test_a_column_map_renames_qualifies_and_takes_expressions(versions: dict[str, str]) -> None:
    assert "row.phase = 'open'" in versions["renamed"]
    assert "row.stage" not in versions["renamed"] + versions["renamed as of"]
    assert "(row.amount * 2) >= 20" in versions["renamed as of"]


def test_an_unknown_column_in_the_map_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    small = SmallDbt(write_definitions(tmp_path))
    small.build()
    done = small.run("compile", "--inline", "select {{ is_big('row', columns={'sise': 'x'}) }}")
    assert not done.success
    assert "is_big does not look at `sise`; it looks at is_gone, size, stage" in capfd.readouterr().out


def test_a_wrong_criterion_turns_the_nightly_test_red(tmp_path: Path) -> None:
    """The generated data test executes the generated macro: one that says something else does not pass."""
    small = SmallDbt(write_definitions(tmp_path))
    small.build()
    assert small.run("test").success
    write_definitions(tmp_path, TERM.replace("size >= 20", "size > 20"))
    small.build()
    done = small.run("test")
    assert not done.success
    assert isinstance(done.result, RunExecutionResult)
    assert [result.failures for result in done.result.results] == [1]
