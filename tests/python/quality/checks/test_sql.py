"""Clocks, floating money, stars, terms by hand and long models are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.definitions.deciding import deciding_values
from plumbline.definitions.loading import load_library
from plumbline.quality.checks.catalogue import BY_CODE
from plumbline.quality.checks.sql import spelled_terms
from quality.checks.planted import column, found, model, project
from support.dbt import ROOT


@pytest.mark.parametrize(
    "clock", ["current_date", "now()", "now( )", "current_timestamp", "{{ dbt.current_timestamp() }}", "getdate()"]
)
def test_a_clock_is_found_in_models_and_macros(clock: str) -> None:
    planted = project(model("dim_things", f"select {clock} as today"), macros={"age": f"datediff({clock}, x)"})
    places = [text.split(":")[0] for text in found(BY_CODE["PB101"], planted)]
    assert places == ["dim_things", "macro age"]


@pytest.mark.parametrize(
    "sql", ["select known_at, renow(1) from a -- now()", "select 1 as current_date_key {# now() #}"]
)
def test_what_only_sounds_like_a_clock_is_none(sql: str) -> None:
    assert found(BY_CODE["PB101"], project(model("dim_things", sql))) == []


@pytest.mark.parametrize(
    ("item", "is_floating"),
    [
        ("cast(x as double) as won_amount", True),
        ("x / 3 as won_amount", True),
        ("avg(x) as average_amount", True),
        ("coalesce(x, y / 3) as exchange_rate", True),
        ("case when a > 0 then x / a else 0 end as won_amount", True),
        ("cast(x / 3 as decimal(18, 2)) as won_amount", False),
        ("case when x / 3 > 1 then y end as won_amount", False),
        ("x / 3 as decay", False),
        ("sum(x) as won_amount", False),
    ],
)
def test_floating_money_is_found_where_it_flows_into_the_value(item: str, is_floating: bool) -> None:
    planted = project(model("int_things", f"select {item} from a", layer="intermediate"))
    assert bool(found(BY_CODE["PB102"], planted)) is is_floating


def test_a_floating_column_of_a_mart_is_found() -> None:
    columns = {"id": column("id", "bigint"), "weight": column("weight", "double")}
    assert found(BY_CODE["PB102"], project(model("fct_things", columns=columns))) == ["fct_things.weight: is a double"]


def test_a_star_in_a_mart_is_found() -> None:
    assert found(BY_CODE["PB104"], project(model("dim_things", "select things.* from things")))
    assert not found(BY_CODE["PB104"], project(model("dim_things", "select * from last")))


def test_a_long_model_is_found(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "long.sql").write_text("select 1\n" * 141)
    (tmp_path / "models" / "short.sql").write_text("select 1\n" * 140)
    assert found(BY_CODE["PB106"], project(root=tmp_path)) == ["models/long.sql: has 141 lines"]


PAIRS = deciding_values(load_library(ROOT))


@pytest.mark.parametrize(
    ("sql", "is_found"),
    [
        ("where stage_category = 'open'", True),
        ("where opportunities.stage_category in ('lost', 'won')", True),
        ("where stage_category not in ('won')", True),
        ("where coalesce(forecast_category, 'x') <> 'omitted'", True),
        ("where accounts.days_since_last_won <= 456", True),
        ("where touches_30d >= 3", True),
        ("where previous_stage_category = 'open'", False),
        ("where stage_category = 'unmapped'", False),
        ("-- stage_category = 'open' is what is_open says", False),
        ("where {{ is_open('opportunities') }}", False),
        ("select stage_category, 'open' as label", False),
    ],
)
def test_a_term_that_is_spelled_by_hand_is_found(sql: str, is_found: bool) -> None:
    assert bool(spelled_terms(sql, PAIRS)) is is_found


def test_a_condition_in_a_mart_is_found_whatever_its_value() -> None:
    assert found(BY_CODE["PB105"], project(model("dim_a", "select 1 where stage_category = 'unmapped'"))) == [
        "dim_a: spells a condition: stage_category ="
    ]


@pytest.mark.parametrize(
    ("sql", "is_found"),
    [
        ("cast(members.sent_date as timestamp)", True),
        ("cast(a as VARCHAR(10)) as b", True),
        ("cast(a as decimal(18, 2))", True),
        ("a::date", True),
        ("cast(a as date)", False),
        ("cast(a as {{ dbt.type_timestamp() }})", False),
        ("count(*) as number, 'as text' as label", False),
    ],
)
def test_a_type_that_is_named_by_hand_is_found(sql: str, is_found: bool) -> None:
    assert bool(found(BY_CODE["PB107"], project(model("dim_a", sql)))) is is_found


def test_terms_are_looked_for_in_models_and_macros_but_not_in_those_that_are_made(tmp_path: Path) -> None:
    for folder in ("models/marts", "macros/definitions"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.sql").write_text("where stage_category = 'open'")
    (text,) = found(BY_CODE["PB105"], project(root=tmp_path, term_values=PAIRS))
    assert text == "models/marts/a.sql: spells a term: stage_category = 'open'"
