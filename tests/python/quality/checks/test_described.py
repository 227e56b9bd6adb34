"""Missing descriptions, grains without proof and data tests without a word are found."""

from __future__ import annotations

import pytest

from plumbline.quality.checks.catalogue import BY_CODE
from plumbline.quality.checks.described import DEFINED
from quality.checks.planted import Node, column, found, model, project


@pytest.mark.parametrize(
    ("code", "node", "what"),
    [
        ("PB201", model("dim_a", description="Things."), "its description does not end with 'Grain: one row …'"),
        ("PB201", model("dim_a", config={"meta": {}}), "has no config.meta.grain"),
        ("PB202", model("dim_a", columns={}), "describes no column"),
        ("PB202", model("dim_a", columns={"x": column("x", description="An x.")}), "is not described"),
        ("PB202", model("stg_a", layer="staging", columns={"x": column("x", description=" ")}), "is not described"),
        ("PB202", model("dim_a", columns={"x": column("x", "")}), "has no data_type"),
        ("PB203", model("dim_a", columns={"id": column("id")}), "nothing enforces its grain (id)"),
        ("PB203", model("dim_a", config={"meta": {"grain": ["id", "day"]}}), "nothing enforces its grain (day, id)"),
    ],
)
def test_what_is_not_said_is_found(code: str, node: Node, what: str) -> None:
    assert [text.split(": ", 1)[1] for text in found(BY_CODE[code], project(node))] == [what]


def test_a_column_that_is_named_as_a_term_and_described_by_hand_is_found() -> None:
    planted = project(model("dim_a", columns={"is_open": column("is_open", description="Not closed yet.")}))
    doc = {"name": "is_open", "block_contents": "Sold neither yet nor lost.\n", "original_file_path": DEFINED}
    planted.manifest["docs"]["doc.plumbline.is_open"] = doc
    assert found(BY_CODE["PB205"], planted) == [
        "dim_a.is_open: is named as a term, but not described by its definition"
    ]
    doc["block_contents"] = "Not closed yet."
    assert found(BY_CODE["PB205"], planted) == []


def data_test(sql: str) -> Node:
    return {
        "resource_type": "test",
        "unique_id": "test.plumbline.assert_x",
        "name": "assert_things_grain",
        "original_file_path": "tests/data/accounts/assert_x.sql",
        "raw_code": sql,
        "depends_on": {"nodes": ["model.plumbline.dim_a"]},
    }


def test_a_test_of_the_grain_proves_it() -> None:
    bare = model("dim_a", columns={"id": column("id")})
    assert found(BY_CODE["PB203"], project(bare, data_test(""))) == []


def test_a_data_test_without_a_word_is_found() -> None:
    assert found(BY_CODE["PB204"], project(data_test("select 1\n-- afterwards, which is too late")))
    assert not found(BY_CODE["PB204"], project(data_test("-- A thing without an owner: give it one.\nselect 1")))
