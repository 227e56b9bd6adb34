"""The reader behind `make portable` finds what an engine cannot run; compiling needs the other adapters."""

import pytest

from plumbline.quality.portable import ENGINES, problems_of


def found(engine: str, sql: str) -> list[str]:
    return [problem.what for problem in problems_of(engine, "models/some_model.sql", sql)]


@pytest.mark.parametrize("engine", ENGINES)
def test_plain_sql_passes_everywhere(engine: str) -> None:
    sql = "with a as (select 1 as x union distinct select 2) select sum(x) as total from a"
    assert found(engine, sql) == []


@pytest.mark.parametrize(
    ("engine", "sql", "what"),
    [
        ("bigquery", "select 1 union select 2", "does not parse"),
        ("postgres", "select try_cast('1' as integer)", "uses try_cast"),
        ("snowflake", "select count(*) filter (where true) from a", "uses filter"),
        ("databricks", "select list_transform_all(x) from a", "calls list_transform_all()"),
        ("postgres", "-- nothing but a comment", "is empty"),
    ],
)
def test_what_an_engine_lacks_is_named(engine: str, sql: str, what: str) -> None:
    assert any(text.startswith(what) for text in found(engine, sql)), found(engine, sql)
