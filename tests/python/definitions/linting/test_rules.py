"""Each rule: a planted case, and its neighbours that are none."""

from pathlib import Path

import pytest

from .small_lint import IS_BIG, IS_LIVE, linted, linted_queries, told

DEALS = "from marts.main.deals d"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        # WHERE, in other words, beside something else
        (f"select 1 as n {DEALS}\nwhere d.stage = 'open' and d.seats > 3\nand d.is_gone is distinct from true",
         [("D1", "live", 2)]),
        # ON, CASE WHEN, HAVING, QUALIFY, a column, and a column of a CTE
        (f"select 1 as n {DEALS} join marts.main.others o on o.k = d.seats and d.size >= 20 and d.is_gone is not true",
         [("D1", "big", 1)]),
        (f"select case when d.size >= 20 and d.is_gone is not true then 1 end as n {DEALS}", [("D1", "big", 1)]),
        (f"select d.seats {DEALS} group by all having d.size >= 20 and d.is_gone is not true", [("D1", "big", 1)]),
        (f"select d.seats {DEALS} qualify d.size >= 20 and d.is_gone is not true", [("D1", "big", 1)]),
        (f"select coalesce(d.size >= 20 and d.is_gone is not true, false) as large {DEALS}", [("D1", "big", 1)]),
        (f"with a as (select size as s, is_gone as g {DEALS}), b as (\nselect a.s >= 20 and a.g is not true as x"
         " from a)\nselect x from b", [("D1", "big", 2)]),
        (f"select 1 as n {DEALS} where d.seats in (select b.seats from marts.main.deals b"
         "\nwhere b.size >= 20 and b.is_gone is not true)", [("D1", "big", 2)]),
        # one side of an OR, and the opposite
        (f"select 1 as n {DEALS} where random() > 0.5 or (d.size >= 20 and d.is_gone is not true)", [("D1", "big", 1)]),
        (f"select 1 as n {DEALS} where d.seats > 3 or (d.size >= 20 and d.is_gone is not true)", [("D1", "big", 1)]),
        (f"select 1 as n {DEALS} where not (d.size >= 20 and d.is_gone is not true) is true", [("D1", "big", 1)]),
        # nearly
        (f"select 1 as n {DEALS} where d.size >= 25 and d.is_gone is not true", [("D2", "big", 1)]),
        (f"select 1 as n {DEALS} where d.stage = 'open'", [("D2", "live", 1)]),
        (f"select 1 as n {DEALS} where d.stage <> 'open'", [("D2", "live", 1)]),
        (f"select 1 as n {DEALS} where d.size >= 20 and d.seats > 3", [("D2", "big", 1)]),
        # one criterion that decides nothing, another value, other columns, two rows
        (f"select 1 as n {DEALS} where not d.is_gone", []),
        (f"select 1 as n {DEALS} where d.size >= 5", []),
        (f"select 1 as n {DEALS} where d.stage = 'won' and d.is_gone", []),
        (f"select 1 as n {DEALS} join marts.main.deals e on d.size >= e.size", []),
        ("select 1 as n from marts.main.others o where o.stage = 'open'", []),
        # a missing value only
        (f"select 1 as n {DEALS} where d.size >= 20 and not d.is_gone", [("D5", "big", 1)]),
        # never, always
        (f"select 1 as n {DEALS} where d.seats > 3 and d.seats < 2", [("D4", None, 1)]),
        (f"select case when d.seats is null or d.seats = d.seats then 1 end as n {DEALS}", [("D4", None, 1)]),
        (f"select case when d.seats = d.seats then 1 end as n {DEALS}", []),
        # metrics
        (f"select count(*) filter (where d.stage = 'won') as n {DEALS}", [("D6", "live", 1)]),
        (f"select sum(case when d.stage = 'won' then d.size end) as n {DEALS}", [("D6", "live", 1)]),
        (f"select sum(d.size) as n {DEALS} where d.stage = 'won'", [("D6", "live", 1)]),
        (f"select sum(case when d.seats > 3 then d.size end) as n {DEALS}", []),
        (f"select d.size {DEALS} where d.stage = 'won'", []),
    ],
)  # fmt: skip
def test_conditions(tmp_path: Path, code: str, expected: list[tuple[str, str | None, int]]) -> None:
    assert told(linted(tmp_path, code)) == expected


def test_a_finding_says_how_and_shows_a_row(tmp_path: Path) -> None:
    [found] = linted(tmp_path, f"select 1 as n {DEALS} where d.size >= 25 and d.seats > 3 and d.is_gone is not true")
    assert (found.verdict, found.names) == ("narrower", ("this SQL", "big@1"))
    assert found.row is not None and found.row.answers == (False, True)
    assert found.message == "`(size >= 25) AND (NOT is_gone IS TRUE)` is narrower than `big`."
    assert found.mending.startswith("Use `{{ is_big('…') }}`, or say with `plumbline: allow D2 because …`")


def test_the_text_of_a_macro_is_the_term_itself(tmp_path: Path) -> None:
    called = f"/* calls is_big */ select {IS_BIG} as is_big, case when {IS_BIG} and d.seats > 1 then 1 end as n {DEALS}"
    assert linted(tmp_path, called) == ()
    by_hand = called.replace("/* calls is_big */", "")
    assert told(linted(tmp_path, by_hand)) == [("D1", "big", 2), ("D1", "big", 5)]
    # handed on under its name, it is known for the term; what stands beside it is looked at on the rows that it leaves
    mart = f"/* calls is_live */ select d.*, {IS_LIVE} as is_live {DEALS}"
    reads = "select 1 as n from marts.main.fct_deals f where f.is_live{}"
    assert linted(tmp_path, reads.format(" and f.seats > 3"), fct_deals=mart) == ()
    [found] = linted(tmp_path, reads.format(" and f.stage = 'won'"), fct_deals=mart)
    assert (found.code, found.message) == ("D4", "`is_live AND (stage = 'won')` is never true.")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (f"select d.is_key as is_big {DEALS}", [("D3", "big", 1)]),
        (f"select max(d.size) >= 20 as is_big {DEALS}", [("D3", "big", 1)]),
        ("select is_big from raw.deal", [("D3", "big", 1)]),
        (f"select d.is_key and d.seats > 1 as big {DEALS}", [("D3", "big", 1)]),
        # a number may have the word; a constant is no column; the term by hand is told as that; handed on
        (f"select d.size as big, 'is_big' {DEALS}", []),
        (f"select d.size >= 20 and d.is_gone is not true as is_big {DEALS}", [("D1", "big", 1)]),
        (f"/* calls is_big */ with a as (select {IS_BIG} as is_big, {IS_BIG} as large {DEALS})"
         " select is_big from a union all select large as is_big from a", []),
        # the version of the day
        (f"/* calls is_big */ select case when cast(d.made_at as date) < cast('2026-02-01' as date) then {IS_BIG} else"
         f" {IS_BIG} end as is_big {DEALS}", []),
        (f"/* calls is_big */ select case when d.made_at is null then {IS_BIG} else d.is_key end as is_big {DEALS}",
         [("D3", "big", 1)]),
    ],
)  # fmt: skip
def test_names(tmp_path: Path, code: str, expected: list[tuple[str, str | None, int]]) -> None:
    assert told(linted(tmp_path, code)) == expected


def test_queries_are_judged_on_the_rows_of_the_mart(tmp_path: Path) -> None:
    found = linted_queries(
        tmp_path,
        "snowflake",
        a="select SUM(SIZE) from ANALYTICS.FCT_DEALS where STAGE = 'open';\n\nselect 1 from fct_deals where is_gone",
        b="select 1 from fct_deals f where f.size >= 20 and f.is_gone is not true",
        c="select 1 from fct_deals f where f.is_big and f.seats > 3",
        d="select 1 from (",
    )
    assert [(item.path, *told((item,))[0]) for item in found.findings] == [
        ("queries/a.sql", "D1", "live", 1),
        ("queries/a.sql", "D4", None, 3),
        ("queries/b.sql", "D1", "big", 1),
        ("queries/d.sql", "unreadable", None, 1),
    ]
    assert found.findings[0].message == "`stage = 'open'` is `live`, on the rows for which `NOT is_gone` holds."
    assert found.findings[0].mending == "Use `is_live` of fct_deals."
