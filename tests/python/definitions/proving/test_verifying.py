"""Columns of compiled models: led back to the entity's columns, and proved to be the term or not."""

from pathlib import Path
from typing import Any

import pytest

from plumbline.definitions import load_library
from plumbline.definitions.proving.verifying import Verified, verified_object, verified_problems, verify

from ..small_project import ENTITY, TERM, write_definitions

SUPPLIERS = """
supplied_by:
  - model: deals
    columns: [stage, size, seats, is_gone, is_key, due_date, made_at]
"""
# Version 2 only: size >= 20, and is_gone IS NOT TRUE.
BIG = TERM[: TERM.index("  - version: 1")] + TERM[TERM.index("  - version: 2") : TERM.index("  - version: 3")]
BIG = BIG.replace("version: 2", "version: 1")
DRIVES = BIG.replace("versions:", "drives:\n  - {model: fct_deals, column: is_big}\nversions:", 1)


def manifest(**models: str) -> dict[str, Any]:
    """Compiled models; all are public, and document the columns that they select last."""
    nodes = {
        f"model.small.{name}": {
            "name": name,
            "resource_type": "model",
            "access": "public",
            "relation_name": f'"marts"."main"."{name}"',
            "compiled_code": code,
            "columns": {"is_big": {"data_type": "boolean"}, "opened_at": {"data_type": "timestamp"}}
            if name.startswith("fct_")
            else {},
        }
        for name, code in models.items()
    }
    return {"metadata": {"adapter_type": "duckdb"}, "nodes": nodes}


def verified(root: Path, fct_deals: str, term: str = DRIVES, entity: str = "", **models: str) -> Verified:
    """What is found about the column is_big of a mart over `deals`."""
    write_definitions(root, term, ENTITY + entity + SUPPLIERS)
    [found] = verify(load_library(root), manifest(deals="select 1 as size", fct_deals=fct_deals, **models))
    return found


@pytest.mark.parametrize(
    "code",
    [
        "select coalesce((d.size >= 20) and (not coalesce(d.is_gone, false)), false) as is_big from marts.main.deals d",
        "with a as (select * from marts.main.deals), b as (select *, size as big_size from a)"
        " select case when b.is_gone then false else b.big_size >= 20 end as is_big from b",
        "with a as (select * exclude (is_gone), not is_gone is true as is_there from marts.main.deals)"
        " select size > 19.99 and size >= 20 and is_there as is_big from a",
        "select x.is_big from (select size >= 20 and is_gone is distinct from true as is_big from marts.main.deals) x",
        "with a as (select size, is_gone from marts.main.deals union all select size, is_gone from marts.main.deals)"
        " select size >= 20 and is_gone is not true as is_big from a",
    ],
)
def test_hand_written_sql_is_proved(tmp_path: Path, code: str) -> None:
    found = verified(tmp_path, code)
    assert (found.state, found.notes) == ("proved", ()), found


def test_a_column_is_followed_into_other_models(tmp_path: Path) -> None:
    found = verified(
        tmp_path,
        "select i.is_large as is_big from marts.main.int_deals as i",
        int_deals="select size >= 20 and is_gone is not true as is_large from marts.main.deals",
    )
    assert (found.state, found.traced) == ("proved", "(size >= 20 AND NOT is_gone IS TRUE)")


def test_a_column_that_says_something_else_comes_with_a_row(tmp_path: Path) -> None:
    found = verified(tmp_path, "select size >= 20 and not is_gone as is_big from marts.main.deals")
    assert found.state == "differs" and found.verdict is not None
    assert (found.verdict.verdict, found.verdict.only_on_null) == ("narrower", True)
    [problem] = verified_problems(load_library(tmp_path), [found])
    assert (problem.code, problem.line) == ("not-verified", 10)
    assert problem.message == "`is_big` of fct_deals is not big@1: it is narrower."
    assert verified_object(found)["relation"]["counterexamples"][0]["row"] == {"size": 20, "is_gone": None}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("select max(size) over () >= 20 as is_big from marts.main.deals", "looks at more than one row"),
        ("select bool_or(size >= 20) as is_big from marts.main.deals", "looks at more than one row"),
        ("select size >= 20 as is_big from marts.main.others", "`others`, which is no model and no supplier"),
        ("select a.size >= 20 and b.is_gone is not true as is_big from marts.main.deals a join marts.main.deals b"
         " on a.seats = b.seats", "two rows of `deals`"),
        ("select size >= 20 as is_large from marts.main.deals", "nothing says where `is_big` comes from"),
        ("with a (size, is_gone) as (select seats, is_key from marts.main.deals)"
         " select a.size >= 20 and a.is_gone is not true as is_big from a", "its columns are renamed"),
        ("select size >= 20 as is_big from marts.main.deals union all select size >= 21 from marts.main.deals",
         "something else in each part of a union"),
        ("select (", "cannot be parsed"),
    ],
)  # fmt: skip
def test_what_cannot_be_led_back_is_named(tmp_path: Path, code: str, reason: str) -> None:
    found = verified(tmp_path, code)
    assert found.state == "not provable" and found.reason is not None and reason in found.reason
    [problem] = verified_problems(load_library(tmp_path), [found])
    assert problem.code == "not-verified" and reason in problem.message and problem.mending


def test_facts_do_not_hold_of_rows_that_an_outer_join_left_empty(tmp_path: Path) -> None:
    known = "facts:\n  known: {sql: is_gone IS NOT NULL AND size IS NOT NULL, why: Always entered.}\n"
    guarded = DRIVES.replace("size >= 20", "size < 20").replace("is_gone IS NOT TRUE", "is_gone IS NOT NULL")
    write = guarded.replace("{size: 20, expect: true}", "{size: 2, is_gone: false, expect: true}")
    write = write.replace("{size: 20, is_gone: true, expect: false}", "{size: 20, expect: false}")
    joined = (
        "select not coalesce(d.size >= 20, false) as is_big from marts.main.marts_rows r {} join marts.main.deals d"
    )
    inner = verified(tmp_path, joined.format("inner"), write, known)
    assert inner.state == "proved" and inner.verdict is not None
    assert inner.verdict.assumptions == ("fact `known`: is_gone IS NOT NULL AND size IS NOT NULL",)
    outer = verified(tmp_path, joined.format("left"), write, known)
    assert outer.state == "not provable" and "an outer join may find none" in (outer.reason or "")


def test_versions_by_the_day_of_the_row(tmp_path: Path) -> None:
    dated = TERM.replace("versions:", "drives:\n  - {model: fct_deals, column: is_big, as_of: opened_at}\nversions:", 1)
    code = """
        select
            d.made_at as opened_at,
            case
                when cast(d.made_at as date) < date '2025-07-01' then coalesce(d.size >= 10, false)
                when cast(d.made_at as date) < date '{}' then coalesce(d.size >= 20 and d.is_gone is not true, false)
                else coalesce(d.stage = 'open' or not d.stage in ('won', 'lost'), false)
            end as is_big
        from marts.main.deals d
    """
    right = verified(tmp_path, code.format("2026-02-01"), dated)
    assert (right.state, right.version) == ("proved", "big as of opened_at")
    wrong = verified(tmp_path, code.format("2026-02-02"), dated)
    assert wrong.state == "differs" and wrong.verdict is not None
    assert str(wrong.verdict.counterexamples[0].row["opened_at"]).startswith("2026-02-01")


def test_columns_that_merely_bear_the_name_are_looked_at(tmp_path: Path) -> None:
    unknown = verified(tmp_path, "select max(size) > 5 as is_big from marts.main.deals", BIG)
    assert (unknown.state, unknown.declared) == ("not provable", False)
    assert verified_problems(load_library(tmp_path), [unknown]) == []
    other = verified(tmp_path, "select size >= 5 as is_big from marts.main.deals", BIG)
    [problem] = verified_problems(load_library(tmp_path), [other])
    assert problem.code == "named-like-a-term" and "give the column another name" in problem.mending
