"""A model that supplies an entity's columns is tested to keep what the entity declares."""

from pathlib import Path

import duckdb
import pytest

from plumbline.definitions import DefinitionsError, generated_files, load_library

from ..small_project import ENTITY, write_definitions

SUPPLIED = (
    ENTITY.replace("type: text,", "type: text, not_null: true,")
    + """facts:
  gone_is_never_open: {sql: "NOT (is_gone AND stage = 'open')"}
supplied_by:
  - model: deals
    columns: [stage, size, is_gone]
"""
)
TEST = "tests/data/definitions/deals_keeps_deal.sql"


@pytest.mark.parametrize(
    ("row", "broken"),
    [
        ("'open', 10, false", []),
        ("'won', null, null", []),
        ("'open', 0, null", []),
        ("null, 1, false", ["stage is known"]),
        ("'Open', 1, false", ["stage is an accepted value"]),
        ("'open', -1, false", ["size is at least 0"]),
        ("'open', 1, true", ["gone_is_never_open"]),
        ("'odd', -5, true", ["stage is an accepted value", "size is at least 0"]),
    ],
)
def test_a_row_that_breaks_a_rule_is_counted_under_its_name(
    tmp_path: Path, memory: duckdb.DuckDBPyConnection, row: str, broken: list[str]
) -> None:
    sql = generated_files(load_library(write_definitions(tmp_path, entity=SUPPLIED)))[TEST]
    memory.execute(
        f"""
        create or replace temp table supplied_deals as
        select * from (
            values ('won', 1, false), ({row})
        ) as deals (stage, size, is_gone)
        """
    )
    found = memory.execute(sql.replace("{{ ref('deals') }}", "supplied_deals")).fetchall()
    assert found == [(rule, 1) for rule in broken]


def test_a_model_that_supplies_nothing_testable_gets_no_test(tmp_path: Path) -> None:
    entity = SUPPLIED.replace("[stage, size, is_gone]", "[is_gone]")
    assert TEST not in generated_files(load_library(write_definitions(tmp_path, entity=entity)))


def test_a_supplied_column_that_the_entity_lacks_is_found(tmp_path: Path) -> None:
    entity = SUPPLIED.replace("[stage, size, is_gone]", "[stage, sise]")
    with pytest.raises(DefinitionsError) as caught:
        load_library(write_definitions(tmp_path, entity=entity))
    [problem] = caught.value.problems
    assert (problem.path, problem.code) == ("definitions/entities/deal.yml", "unknown-column")
    assert "Did you mean `size`?" in problem.mending
