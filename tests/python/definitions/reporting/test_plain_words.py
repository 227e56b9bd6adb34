"""Conditions in plain words: what they say of missing values is what DuckDB answers."""

from __future__ import annotations

import duckdb
import pytest
import yaml

from plumbline.definitions import load_library
from plumbline.definitions.conditions import columns, render
from plumbline.definitions.evaluation import evaluate, typed_row
from plumbline.definitions.reading import parse
from plumbline.definitions.reporting.plain_words import condition_words, number_words, row_words
from plumbline.definitions.schemas import Entity

from ..small_project import ENTITY, ROOT

DEAL = Entity.model_validate(yaml.safe_load(ENTITY.replace("2026-03-01", "'2026-03-01'")))

SAID = {
    "size >= 10": "size: at least 10",
    "10 > size": "size: less than 10",
    "size <> 10": "size: not 10",
    "NOT size > 10": "size: at most 10",
    "size < seats": "size: less than seats",
    "stage = 'open'": "stage: “open”",
    "LOWER(COALESCE(stage, '')) <> 'lost'": "stage: not “lost”, in whatever capitals, or missing",
    "COALESCE(stage, 'lost') <> 'lost'": "stage: not “lost”",
    "COALESCE(LOWER(stage), 'LOST') = 'lost'": "stage: “lost”, in whatever capitals",
    "COALESCE(size, 0) < 1": "size: less than 1 or missing",
    "COALESCE(size, 1) < 1": "size: less than 1",
    "stage IN ('open', 'won')": "stage: “open” or “won”",
    "COALESCE(stage, 'won') IN ('open', 'won', 'lost')": "stage: “open”, “won” or “lost” or missing",
    "NOT COALESCE(stage, 'won') IN ('open', 'won')": "stage: not “open” or “won”",
    "stage LIKE 'o%'": "stage: begins with “o”",
    "stage LIKE '%n'": "stage: ends with “n”",
    "NOT stage LIKE '%n%'": "stage: known, and it is not so that it contains “n”",
    "stage LIKE 'o_en'": "stage: looks like “o_en”",
    "size BETWEEN 1 AND 2.5": "size: from 1 to 2.5",
    "size IS NULL": "size: missing",
    "size IS NOT NULL": "size: known",
    "size IS NOT NULL AND size > 1": "size: more than 1",
    "size IS NULL OR size > 1": "size: more than 1 or missing",
    "stage IS NULL OR LOWER(stage) = 'won'": "stage: “won”, in whatever capitals, or missing",
    "is_gone": "gone: yes",
    "NOT is_gone": "gone: no",
    "is_gone IS NOT TRUE": "gone: no or missing",
    "is_gone IS NOT FALSE": "gone: yes or missing",
    "is_gone IS TRUE": "gone: yes",
    "is_gone IS FALSE": "gone: no",
    "COALESCE(is_gone, TRUE)": "gone: yes or missing",
    "NOT COALESCE(is_gone, FALSE)": "gone: no or missing",
    "due_date >= CAST('2026-01-31' AS DATE)": "due: on or after 2026-01-31",
    "CAST(made_at AS DATE) < CAST('2026-01-31' AS DATE)": "the day of made: before 2026-01-31",
    "size >= 10 AND (is_key OR stage = 'won')": "size: at least 10, and (key: yes, or stage: “won”)",
    "NOT (size >= 10 AND is_key)": "it is not so that (size: at least 10, and key: yes)",
    "size - seats > 1": "size minus seats: more than 1",
    "LENGTH(stage) > 3": "the number of characters of stage: more than 3",
}


@pytest.mark.parametrize(("sql", "words"), SAID.items())
def test_a_condition_in_words(sql: str, words: str) -> None:
    assert condition_words(sql, DEAL) == words


def missing_passes(memory: duckdb.DuckDBPyConnection, sql: str, entity: Entity) -> bool:
    [answer] = evaluate(memory, [render(parse(sql))], typed_row(entity, {}))
    return answer is True


def test_what_is_said_of_missing_values_is_what_duckdb_answers(memory: duckdb.DuckDBPyConnection) -> None:
    """Of every condition on one column, here and in the project's terms."""
    library = load_library(ROOT)
    asked = [(sql, DEAL) for sql in SAID]
    for governed in library.terms.values():
        asked += [
            (item.sql, governed.entity) for version in governed.term.versions for item in version.criteria.values()
        ]
    alone = [(sql, entity) for sql, entity in asked if len(columns(parse(sql))) == 1]
    assert len(alone) > 60
    for sql, entity in alone:
        assert ("missing" in condition_words(sql, entity)) == missing_passes(memory, sql, entity), sql


def test_numbers_and_rows_in_words() -> None:
    assert number_words("size * seats", DEAL) == "size times seats"
    assert number_words("NULLIF(COALESCE(size, 0), 1)", DEAL) == "size (where missing: 0) (missing where it is 1)"
    assert row_words({"stage": "open", "size": None, "is_gone": False}, DEAL) == "stage “open”, size missing, gone no"
