"""A window that picks among rows that may tie is found; what the grains prove is not."""

from __future__ import annotations

import pytest

from plumbline.quality.checks import reviewed
from plumbline.quality.checks.catalogue import BY_CODE
from plumbline.quality.checks.reviewed import Entry
from quality.checks.planted import column, found, model, project

THINGS = model(
    "things",
    columns={name: column(name) for name in ("id", "account_id", "name", "made_at")},
    layer="staging",
)
LINES = model(
    "lines",
    columns={name: column(name) for name in ("thing_id", "line_number", "price")},
    config={"meta": {"grain": ["thing_id", "line_number"]}},
    layer="staging",
)


@pytest.fixture(autouse=True)
def _nothing_reviewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviewed, "_entries", lambda: ())


def open_windows(sql: str) -> list[str]:
    return found(BY_CODE["PB103"], project(THINGS, LINES, model("dim_picked", sql)))


@pytest.mark.parametrize(
    "sql",
    [
        "select account_id, name, row_number() over (partition by account_id order by made_at) as n from things",
        "select name, first_value(name) over (partition by account_id order by made_at) as f from things",
        "select id, lag(name) over (order by made_at) as before from things",
        # a join with several lines a thing: the thing's key is not enough any more
        "select things.id, line_number, price, row_number() over (order by things.id) as n "
        "from things left join lines on things.id = lines.thing_id",
        # a union may hold a key twice
        "with both as (select id, name from things union all select id, name from things) "
        "select id, name, made, row_number() over (order by id) as n from both",
        "with cut as (select account_id, name from things) "
        "select account_id, name, row_number() over (order by account_id) as n from cut",
        "select sum(price) over (order by line_number rows between unbounded preceding and current row) as s, price "
        "from lines",
        "select account_id, count(*) as n, row_number() over (order by count(*)) as place "
        "from things group by account_id",
        # the other window shows a column that the order does not hold
        "select account_id, lag(name) over (order by id) as b, row_number() over (order by account_id) as n "
        "from things",
    ],
)
def test_an_order_that_leaves_ties_is_found(sql: str) -> None:
    assert len(open_windows(sql)) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "select name, row_number() over (partition by account_id order by made_at, id) as n from things",
        "select things.name, row_number() over (order by t.id) as n, t.name from things as t",
        "with a as (select * from things), b as (select id as key, name from a where name is not null) "
        "select name, row_number() over (order by name, key) as n from b",
        "select price, row_number() over (order by thing_id, line_number) as n "
        "from lines inner join things on lines.thing_id = things.id",
        "with one as (select account_id, max(name) as name from things group by account_id) "
        "select name, row_number() over (order by account_id) as n from one",
        "with one as (select distinct account_id, name from things) "
        "select row_number() over (order by name, account_id) as n, name from one",
        # constants keep the branches apart
        "with both as (select 'a' as side, id, name from things union all select 'b' as side, id, name from things) "
        "select name, row_number() over (order by id, side) as n from both",
        # rows that tie are the same in all that is shown
        "select account_id, name, row_number() over (partition by account_id order by name) as n from things",
        "select id, first_value(name) over (partition by account_id order by made_at, name) as f from things",
        # peers get the same value, whatever their order
        "select id, rank() over (order by made_at) as r, max(name) over (order by made_at) as m from things",
        "select account_id, sum(id) as s, row_number() over (order by account_id) as n from things group by account_id",
        "select name, row_number() over (order by line_number) as n from lines where thing_id = 5",
    ],
)
def test_an_order_that_is_unique_is_not(sql: str) -> None:
    assert open_windows(sql) == []


def test_a_reviewed_window_passes_and_an_entry_without_a_window_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    sql = "select id, name, row_number() over (partition by account_id order by made_at) as n from things"
    where = "dim_picked: row_number() over (partition by account_id order by made_at)"
    entry = Entry(code="PB103", where=where, reason="Each account makes one thing at a time.")
    monkeypatch.setattr(reviewed, "_entries", lambda: (entry,))
    assert open_windows(sql) == []
    assert "remove the entry" in open_windows("select id from things")[0]
