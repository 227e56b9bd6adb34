"""Layers that are read upwards, and marts that promise nothing, are found."""

from __future__ import annotations

from typing import Any

import pytest

from plumbline.quality.checks.catalogue import BY_CODE
from quality.checks.planted import found, model, project


def reads(*nodes: str) -> dict[str, Any]:
    return {"depends_on": {"nodes": list(nodes)}}


def test_a_raw_table_outside_of_staging_is_found() -> None:
    planted = [
        model(f"x_{layer}", layer=layer, **reads("source.plumbline.gong.call")) for layer in ("staging", "marts")
    ]
    assert found(BY_CODE["PB301"], project(*planted)) == ["x_marts: reads the raw table gong.call outside of staging"]


def test_a_layer_that_is_read_from_below_is_found_but_for_what_is_shared() -> None:
    aggregate, shared = model("agg_things"), model("dim_things")
    below = model("int_a", layer="intermediate", **reads(aggregate["unique_id"], shared["unique_id"]))
    staged = model("stg_a", layer="staging", **reads(below["unique_id"]))
    assert found(BY_CODE["PB301"], project(aggregate, shared, below, staged)) == [
        "int_a: is in intermediate and reads agg_things of marts",
        "stg_a: is in staging and reads int_a of intermediate",
    ]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"contract": {"enforced": False}}, "has no enforced contract"),
        ({"access": "protected"}, "is not public"),
        ({"group": None}, "belongs to no group with an owner"),
        ({"group": "nobody"}, "belongs to no group with an owner"),
    ],
)
def test_a_mart_that_promises_nothing_is_found(changes: dict[str, Any], what: str) -> None:
    assert found(BY_CODE["PB302"], project(model("dim_a", **changes))) == [f"dim_a: {what}"]


def test_a_public_model_that_is_no_mart_is_found() -> None:
    planted = project(model("int_a", layer="intermediate", access="public"))
    assert found(BY_CODE["PB302"], planted) == ["int_a: is public, but no mart"]


def test_a_mart_that_is_named_otherwise_is_found() -> None:
    assert found(BY_CODE["PB303"], project(model("accounts_final"), model("dim_accounts"))) == [
        "accounts_final: does not begin with dim_, fct_, bridge_, map_, agg_ or ops_"
    ]
