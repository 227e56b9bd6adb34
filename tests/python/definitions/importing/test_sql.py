"""SQL keeps its meaning under the entity's names, NULL included; what is not one condition is refused by name."""

from itertools import product
from typing import Any

import duckdb
import pytest

from plumbline.definitions.importing import Imported, Mapping, import_sql
from plumbline.definitions.problems import DefinitionsError
from plumbline.definitions.variant_schemas import ToolField

from .people import EXPORTS, PERSON, STAGES, answer, problem_of

MAPPING = Mapping(
    PERSON,
    {
        "lead_title": ToolField(column="job_title"),
        "StageName": ToolField(column="stage", values=STAGES),
        "pct": ToolField(column="probability", times="0.01"),
    },
)


def sql(text: str, dialect: str | None = None) -> Imported:
    return import_sql(text, "filter.sql", MAPPING, dialect)


def test_a_query_becomes_named_criteria_and_its_limit_is_missing() -> None:
    text = (EXPORTS / "qualified.sql").read_text(encoding="utf-8")
    imported = sql(text, "postgres")
    assert {name: part.sql for name, part in zip(imported.criteria, imported.filters, strict=True)} == {
        "score": "score >= 65",
        "visits_7d_or_demos_30d": "visits_7d > 2 or demos_30d > 0",
        "status": "not (status in ('disqualified'))",
    }
    assert [item.line for item in imported.filters] == [4, 5, 6]
    assert imported.missing == ("The query's row limit is not in the condition.",)


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("score >= 65 and is_gone is not true", None),
        ("WHERE score >= 65 AND is_gone IS NOT TRUE;", "snowflake"),
        ("-- what counts\r\nwhere\r\nscore >= 65 and /* left */ is_gone is not true -- end", None),
        ("select * from people where people.score >= 65 and not (is_gone is true)", "bigquery"),
        ("SELECT TOP 5 * FROM crm.dbo.people q WHERE q.[score] >= 65 AND q.is_gone IS NOT TRUE", "tsql"),
    ],
)
def test_a_condition_may_come_in_many_wrappings(
    memory: duckdb.DuckDBPyConnection, text: str, dialect: str | None
) -> None:
    imported = sql(text, dialect)
    for score, gone in product((None, 64, 65), (None, True, False)):
        wanted = score is not None and score >= 65 and gone is not True
        assert (answer(memory, imported.condition, {"score": score, "is_gone": gone}) is True) is wanted


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("lead_title = 'CEO'", "job_title = 'CEO'"),
        ("LEAD_TITLE ILIKE '%Chief%'", "lower(job_title) like '%chief%'"),
        ("lead_title NOT ILIKE 'C%'", "not (lower(job_title) like 'c%')"),
        ("StageName = 'Closed Won'", "stage = 'won'"),
        ("stagename <> 'Closed Won'", "not (stage = 'won')"),
        ("stagename in ('Closed Won', 'Closed Lost')", "stage in ('lost', 'won')"),
        ("stagename not in ('Prospecting', 'Negotiation')", "not (stage = 'open')"),
        ("stagename is not null", "stage is not null"),
        ("pct >= 20", "probability >= 0.2"),
        ("pct in (10, 20)", "probability in (0.1, 0.2)"),
        ("coalesce(score, 0) = 0", "coalesce(score, 0) = 0"),
        ("made_at::date > '2026-01-01'::date", "cast(made_at as date) > cast('2026-01-01' as date)"),
    ],
)
def test_columns_values_and_scales_are_translated(text: str, same: str) -> None:
    assert sql(text, "postgres").sql == same


def test_three_valued_answers_are_those_of_the_query(memory: duckdb.DuckDBPyConnection) -> None:
    """Unlike a tool's filter, SQL says NULL of a NULL; what the query drops for that, the import drops."""
    imported = sql("not (StageName <> 'Closed Won' and lead_title ilike 'c%')")
    memory.execute("create or replace temp table labels (label varchar, stage varchar)")
    memory.executemany("insert into labels values (?, ?)", list(STAGES.items()))
    for label, title in product((None, "Closed Won", "Prospecting"), (None, "CEO", "x")):
        asked = memory.execute(
            "select not (l <> 'Closed Won' and t ilike 'c%') from (select ?::varchar as l, ?::varchar as t)",
            [label, title],
        ).fetchone()
        assert asked is not None
        row: dict[str, Any] = {"stage": None if label is None else STAGES[label], "job_title": title}
        assert answer(memory, imported.condition, row) is asked[0], row


def test_a_collation_that_may_ignore_capitals_is_missing() -> None:
    assert not sql("lead_title = 'CEO'", "postgres").partial
    assert "collation" in sql("lead_title = 'CEO'", "mysql").missing[0]
    assert not sql("score = 5", "mysql").partial
    assert "without characters" in sql("lead_title = 'CEO'", "oracle").missing[0]


@pytest.mark.parametrize(
    ("text", "code", "line", "says", "mends"),
    [
        ("score >= 65\nand (status = 'open'", "unreadable-sql", 2, "not SQL", "dialect"),
        ("(" * 20_000 + "score > 1" + ")" * 20_000, "unreadable-sql", 1, "nested too deeply", "fewer brackets"),
        ("score = 'unclosed", "unreadable-sql", 1, "not SQL", "dialect"),
        ("", "unreadable-sql", 1, "0 statements", "exactly one"),
        ("score > 1; score > 2", "unreadable-sql", 1, "2 statements", "exactly one"),
        ("delete from people", "unreadable-sql", 1, "DELETE is not a condition", "WHERE clause"),
        ("score >= 65\nand scroe > 1", "unknown-column", 2, "`scroe`", "Did you mean `score`?"),
        ("score >= 'many'", "wrong-type", 1, "compares a number with a text", "Use a number"),
        ("job_title", "wrong-type", 1, "is a text, not a condition", "Compare"),
        ("status = 'opne'", "never-occurs", 1, "is never 'opne'", "Did you mean `open`?"),
        ("StageName = 'Closed One'", "unknown-value", 1, "'Closed One'", "Did you mean `Closed Won`?"),
        ("StageName in ('Prospecting')", "not-told-apart", 1, "'Negotiation'", "tells them apart"),
        ("StageName like 'Closed%'", "mapped-values", 1, "`StageName`", "with a constant"),
        ("pct > score", "mapped-values", 1, "`pct`", "number"),
        ("pct + 1 > 20", "mapped-values", 1, "`pct`", "with a constant"),
        ("case when score > 1 then true end", "not-plain-sql", 1, "CASE", "AND, OR and NOT"),
        ("made_at > now()", "not-plain-sql", 1, "reads no clock", "counts days"),
        ("score > (select avg(score) from people)", "not-plain-sql", 1, "one row", "column of the entity"),
        ("select 1 from people", "no-filter", 1, "no WHERE", "Give it one"),
        ("select 1 from a join b on a.id = b.id where score > 1", "not-one-table", 1, "JOIN", "its table alone"),
        ("select 1 from a, b where score > 1", "not-one-table", 1, "JOIN", "its table alone"),
        ("with a as (select 1) select 1 from a where score > 1", "not-one-table", 1, "WITH", "its table alone"),
        ("select 1 from (select 1) as a where score > 1", "not-one-table", 1, "another query", "its table alone"),
        ("select score from a where score > 1 group by score", "not-one-table", 1, "GROUP BY", "its table alone"),
        ("select score from a where score > 1 having 1 = 1", "not-one-table", 1, "HAVING", "its table alone"),
        ("select 1 from a where score > 1 union select 2", "not-one-table", 1, "UNION", "its table alone"),
        ("select 1 from a where b.score > 1", "unknown-table", 1, "b.score", "one table"),
        ("a.score > 1 and b.score > 2", "unknown-table", 1, "b.score", "one table"),
    ],
)
def test_what_is_not_one_condition_is_refused(text: str, code: str, line: int, says: str, mends: str) -> None:
    with pytest.raises(DefinitionsError) as raised:
        sql(text, "duckdb")
    problem = problem_of(raised)
    assert (problem.path, problem.line, problem.code) == ("filter.sql", line, code), problem
    assert says in problem.message
    assert mends in problem.mending


def test_an_unknown_dialect_is_named() -> None:
    with pytest.raises(DefinitionsError) as raised:
        sql("score > 1", "snowfleak")
    assert problem_of(raised).code == "unknown-dialect"
    assert "Did you mean `snowflake`?" in problem_of(raised).mending
