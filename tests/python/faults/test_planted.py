# Raw rows read best on one line.
# ruff: noqa: E501
"""One world with each fault planted by hand: what a person sees of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from support.graph import Graph, Row

LOADED = {"_fivetran_synced": "2026-04-01 02:00:00", "system_modstamp": "2026-03-01 00:00:00"}
HUGE = 20 * 1024 * 1024
FORMULA, MARKUP, QUOTES = (
    "=cmd|' /C calc'!A0",
    "<script>alert('x')</script>",
    'O\'Brien "Bob"; drop table account; --\n\x00',
)


def account(number: int, **values: str | None) -> Row:
    return LOADED | {"id": f"001{number:012d}AAA", "name": f"Account {number}"} | values


def deal(number: int, **values: str | None) -> Row:
    basis = {
        "stage_name": "Proposal",
        "amount": "100.00",
        "currency_iso_code": "USD",
        "close_date": "2026-06-30",
        "created_date": "2026-01-01 00:00:00",
    }
    return LOADED | basis | {"id": f"006{number:012d}AAA", "account_id": "001000000000001AAA"} | values


def key(number: int) -> str:
    return f"'006{number:012d}AAA'"


ACCOUNTS = [
    account(1, name=MARKUP, parent_id="001000000000002AAA"), account(2, name=FORMULA, parent_id="001000000000003AAA"),
    account(3, name=QUOTES, parent_id="001000000000001AAA"), account(4, name="x" * HUGE),
    account(5, name="Ring", master_record_id="001000000000006AAA", is_deleted="true"),
    account(6, name="Ring", master_record_id="001000000000005AAA", is_deleted="true"),
    account(7, name="old", system_modstamp="2026-02-01"), account(7, name="new", system_modstamp="2026-02-02"),
    account(8, id=" "), account(9, id=None),
    *(account(number, id=account(20 + number)["id"], parent_id=f"001{19 + number:012d}AAA") for number in range(1, 51)),
]  # fmt: skip
DEALS = [
    deal(1), deal(2, amount="-250.00"), deal(3, amount=None), deal(4, amount="0"),
    deal(5, amount="1e15"), deal(6, amount="1e30"), deal(7, amount="NaN"), deal(8, amount="inf"), deal(9, amount="1,234.50"),
    deal(10, amount="999999999999.99", probability="7"),
    deal(11, currency_iso_code="EUR"), deal(12, currency_iso_code="GBP"), deal(13, currency_iso_code="XTS", amount="999999999.99"),
    deal(14, stage_name="Brand new stage"), deal(15, stage_name=None),
    deal(16, close_date="9999-12-31"), deal(17, close_date="0001-01-01"), deal(18, close_date="2023-02-30"), deal(19, close_date="10000-01-01"),
    deal(20, created_date="9999-12-31 23:59:59"), deal(21, last_modified_date="9999-12-31 23:59:59"),
    deal(22, forecast_category="Someday"), deal(23, amount="250.00", system_modstamp="2026-02-28"), deal(23, amount="300.00"),
    *(deal(number, expected_revenue="junk" if number < 39 else "1", push_count="junk" if number < 40 else "1") for number in range(30, 50)),
]  # fmt: skip
MISSING_SURVIVOR = "003000000000099AAA"
TABLES = {
    ("salesforce", "account"): ACCOUNTS,
    ("salesforce", "opportunity"): DEALS,
    ("salesforce", "opportunity_stage"): [LOADED | {"id": "01J000000000001", "api_name": "Proposal", "master_label": "Proposal", "is_active": "true", "is_closed": "false", "is_won": "false", "sort_order": "1"}],
    ("salesforce", "currency_type"): [
        LOADED | {"id": "01L000000000001", "iso_code": "USD", "conversion_rate": "1", "is_corporate": "true", "is_active": "true"},
        LOADED | {"id": "01L000000000002", "iso_code": "EUR", "conversion_rate": "0.5", "is_corporate": "false", "is_active": "true"},
        LOADED | {"id": "01L000000000003", "iso_code": "XTS", "conversion_rate": "0.00000001", "is_corporate": "false", "is_active": "true"},
    ],
    ("salesforce", "contact"): [LOADED | {"id": "003000000000001AAA", "account_id": "001000000000001AAA", "last_name": QUOTES, "email": "not an @ e-mail@@", "is_deleted": "true", "master_record_id": MISSING_SURVIVOR}],
    ("salesforce", "lead"): [LOADED | {"id": "00Q000000000001EAA", "last_name": MARKUP, "is_deleted": "true", "master_record_id": MISSING_SURVIVOR}],
    ("gong", "call"): [{"id": "c1", "title": "x" * HUGE, "started": "2026-03-01 10:00:00", "_fivetran_synced": "2026-04-01 02:00:00"}],
    ("gong", "transcript"): [{"call_id": "c1", "index": "1", "sentence": "x" * HUGE, "_fivetran_synced": "2026-04-01 02:00:00"}],
    ("marketo", "lead"): [{"id": "003000000000001AAA", "email": "ann@acme.example", "_fivetran_synced": "2026-04-01 02:00:00"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def built(graph: Graph) -> Iterator[duckdb.DuckDBPyConnection]:
    with graph.built(TABLES) as connection:
        yield connection


def one(built: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    [row] = built.execute(sql).fetchall()
    return tuple(row)


def rejected(built: duckdb.DuckDBPyConnection, table: str, column: str) -> list[tuple[Any, ...]]:
    return built.execute(
        "select source_record_id, reason, row_count from marts.main.fct_rejected_values "
        f"where source_table = '{table}' and column_name = '{column}' order by all"
    ).fetchall()


def found(built: duckdb.DuckDBPyConnection, graph: Graph, test: str) -> list[tuple[Any, ...]]:
    [sql] = [node["compiled_code"] for node in graph.tests if node["name"] == test]
    return built.execute(sql).fetchall()


def test_amounts_that_are_none_are_named_and_credits_stay(built: duckdb.DuckDBPyConnection) -> None:
    ids = {number: key(number).strip("'") for number in range(5, 10)}
    assert rejected(built, "opportunity", "amount") == [
        (ids[5], "out_of_range", 1), *((ids[number], "not_a_number", 1) for number in (6, 7, 8, 9))
    ]  # fmt: skip
    amounts = dict(built.execute("select opportunity_id, amount from marts.main.fct_opportunities").fetchall())
    assert [amounts[key(number).strip("'")] for number in range(2, 10)] == [
        Decimal("-250.00"),
        None,
        Decimal("0.00"),
        *[None] * 5,
    ]


def test_the_largest_amount_does_not_overflow(built: duckdb.DuckDBPyConnection) -> None:
    assert one(built, f"select amount, weighted_amount from marts.main.fct_opportunities where opportunity_id = {key(10)}") == (
        Decimal("999999999999.99"), Decimal("70000000000.00"))  # fmt: skip


def test_a_missing_or_absurd_exchange_rate_gives_no_corporate_amount(
    built: duckdb.DuckDBPyConnection, graph: Graph
) -> None:
    sql = "select currency_code, amount, corporate_amount, is_rate_missing from marts.main.fct_opportunities where opportunity_id in "
    assert built.execute(f"{sql} ({key(11)}, {key(12)}, {key(13)}) order by opportunity_id").fetchall() == [
        ("EUR", Decimal("100.00"), Decimal("200.00"), False),
        ("GBP", Decimal("100.00"), None, True),
        ("XTS", Decimal("999999999.99"), None, True),
    ]
    assert {row[1] for row in found(built, graph, "finding_missing_exchange_rates")} == {"GBP", "XTS"}


def test_an_unknown_stage_is_unmapped_and_counted(built: duckdb.DuckDBPyConnection, graph: Graph) -> None:
    sql = "select stage_category, count(*), sum(amount) from marts.main.fct_opportunities where opportunity_id in "
    assert built.execute(f"{sql} ({key(14)}, {key(15)}) group by all").fetchall() == [
        ("unmapped", 2, Decimal("200.00"))
    ]
    assert {row[2] for row in found(built, graph, "finding_unmapped_stages")} == {"Brand new stage", None}


def test_an_unknown_forecast_category_leaves_the_deal_in_place(built: duckdb.DuckDBPyConnection) -> None:
    assert one(built, f"select amount from marts.main.fct_opportunities where opportunity_id = {key(22)}") == (
        Decimal("100.00"),
    )


def test_dates_at_the_edges_stay_and_impossible_ones_are_named(built: duckdb.DuckDBPyConnection) -> None:
    sql = "select cast(close_date as varchar) from marts.main.fct_opportunities where opportunity_id in "
    assert built.execute(f"{sql} ({key(16)}, {key(17)}, {key(18)}, {key(19)}) order by opportunity_id").fetchall() == [
        ("9999-12-31",), ("0001-01-01",), (None,), (None,)]  # fmt: skip
    assert [row[1:] for row in rejected(built, "opportunity", "close_date")] == [("not_a_date", 1)] * 2
    sql = "select cast(close_date as varchar) from marts.main.fct_opportunity_versions where is_current and opportunity_id = "
    assert one(built, sql + key(17)) == ("0001-01-01",), "the first day of all is a day, not none"


def test_an_instant_after_its_own_load_does_not_move_history(built: duckdb.DuckDBPyConnection) -> None:
    for number in (20, 21):
        sql = f"select max(valid_from_at) <= timestamp '2026-04-01 02:00:00', max(amount) filter (is_current) from marts.main.fct_opportunity_versions where opportunity_id = {key(number)}"
        assert one(built, sql) == (True, Decimal("100.00"))


def test_duplicate_ids_keep_the_newest(built: duckdb.DuckDBPyConnection) -> None:
    assert one(
        built, f"select count(*), sum(amount) from marts.main.fct_opportunities where opportunity_id = {key(23)}"
    ) == (1, Decimal("300.00"))
    sql = "select row_count from marts.main.fct_source_reconciliation where source_table = 'account' and outcome = 'superseded'"
    assert one(built, sql) == (1,)


def test_blank_keys_are_rejected_and_counted(built: duckdb.DuckDBPyConnection) -> None:
    assert rejected(built, "account", "id") == [(None, "no_key", 2)]


def test_rings_of_parents_and_merges_end_and_are_found(built: duckdb.DuckDBPyConnection, graph: Graph) -> None:
    assert len(found(built, graph, "finding_hierarchy_cycles")) == 1
    assert len(found(built, graph, "finding_merge_cycles")) == 1
    depth = "select max(hierarchy_depth) from marts.main.dim_accounts"
    assert one(built, depth)[0] >= 49


def test_a_survivor_that_is_not_there_is_one_person(built: duckdb.DuckDBPyConnection) -> None:
    sql = f"select count(*), count(distinct person_key) from marts.main.map_people where source_record_id = '{MISSING_SURVIVOR}'"
    assert one(built, sql) == (1, 1)


def test_hostile_names_come_through_as_they_are(built: duckdb.DuckDBPyConnection) -> None:
    names = {row[0] for row in built.execute("select account_name from marts.main.dim_accounts").fetchall()}
    assert {MARKUP, FORMULA, QUOTES} <= names


def test_texts_of_twenty_megabytes_stay_whole(built: duckdb.DuckDBPyConnection) -> None:
    assert one(built, "select max(length(account_name)) from marts.main.dim_accounts") == (HUGE,)


def test_one_id_in_two_systems_is_two_records(built: duckdb.DuckDBPyConnection) -> None:
    sql = "select source_system, count(*) from marts.main.map_people where source_record_id = '003000000000001AAA' group by 1 order by 1"
    assert built.execute(sql).fetchall() == [("marketo", 1), ("salesforce", 1)]


def test_many_rejected_values_block_and_a_handful_only_warns(built: duckdb.DuckDBPyConnection, graph: Graph) -> None:
    blocked = {row[3] for row in found(built, graph, "assert_few_values_are_rejected")}
    assert blocked == {"push_count"}, "ten of them block, nine do not"
    assert {"push_count", "expected_revenue", "amount"} <= {
        row[3] for row in found(built, graph, "warn_values_are_rejected")
    }
