"""A small entity, exports about it, and DuckDB's answers to what was imported of them."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from plumbline.definitions.conditions import Node, render
from plumbline.definitions.evaluation import evaluate, typed_row
from plumbline.definitions.importing import Imported, Mapping, import_marketo, import_salesforce
from plumbline.definitions.json_files import read_json
from plumbline.definitions.problems import DefinitionsError, Problem
from plumbline.definitions.schemas import Entity, Scalar
from plumbline.definitions.semantics import load_semantics
from plumbline.definitions.variant_schemas import Count, ToolField

from ..small_project import ROOT

EXPORTS = Path(__file__).parent / "exports"
SEMANTICS = load_semantics(ROOT)

ENTITY = """
entity: person
name: Person
description: A person.
columns:
  job_title: {label: Title, description: What it says on the card., type: text, typical: Manager}
  status:
    label: Status
    description: Where sales stands.
    type: text
    accepted_values: [open, working, disqualified]
    typical: open
  stage: {label: Stage, description: The stage., type: text, accepted_values: [open, won, lost], typical: open}
  score: {label: Score, description: The score., type: integer, typical: 40}
  employees: {label: Employees, description: How many., type: integer, not_null: true, min: 0, typical: 80}
  probability: {label: Probability, description: How likely., type: decimal, min: 0, max: 1, typical: 0.2}
  visits_7d: {label: Visits, description: Visits in seven days., type: integer, min: 0, typical: 1}
  demos_30d: {label: Demos, description: Demo forms in thirty days., type: integer, min: 0, typical: 0}
  is_gone: {label: Gone, description: Whether they left., type: boolean, typical: false}
  born_date: {label: Born, description: The day., type: date, typical: 1990-05-01}
  made_at: {label: Made, description: The moment., type: timestamp, typical: 2026-01-01T08:00:00}
"""
PERSON = Entity.model_validate(yaml.safe_load(ENTITY))

MARKETO_FIELDS = {
    "Job Title": ToolField(column="job_title"),
    "Lead Status": ToolField(column="status"),
    "Lead Score": ToolField(column="score"),
    "Employees": ToolField(column="employees"),
    "Unsubscribed": ToolField(column="is_gone"),
    "Date of Birth": ToolField(column="born_date"),
    "Created At": ToolField(column="made_at"),
}
MARKETO = Mapping(
    PERSON,
    MARKETO_FIELDS,
    [
        Count(filter="Visited Web Page", within="7 days", column="visits_7d"),
        Count(filter="Filled Out Form", within="30 days", where={"Form Name": ["Demo", "Trial"]}, column="demos_30d"),
    ],
)
STAGES = {"Prospecting": "open", "Negotiation": "open", "Closed Won": "won", "Closed Lost": "lost"}
SALESFORCE = Mapping(
    PERSON,
    {
        "TITLE": ToolField(column="job_title"),
        "STATUS": ToolField(column="status"),
        "STAGE_NAME": ToolField(column="stage", values=STAGES),
        "Score__c": ToolField(column="score"),
        "EMPLOYEES": ToolField(column="employees"),
        "PROBABILITY": ToolField(column="probability", times="0.01"),
        "Gone__c": ToolField(column="is_gone"),
        "Birthdate": ToolField(column="born_date"),
        "CREATED_DATE": ToolField(column="made_at"),
    },
)


def smart_list(tmp_path: Path, *filters: dict[str, Any], **rules: Any) -> Imported:
    """A smart list of these filters, imported."""
    export = {"filterMatchType": "all", "triggers": [], "filters": list(filters), **rules}
    path = tmp_path / "list.json"
    path.write_text(json.dumps({"rules": export}, indent=1), encoding="utf-8")
    return import_marketo(read_json(path, "list.json"), MARKETO, SEMANTICS["marketo"])


def lead(name: str, operator: str, *values: object) -> dict[str, Any]:
    """A filter of a smart list on a field."""
    condition = {"activityAttributeName": name, "operator": operator, "values": list(values), "isPrimary": True}
    return {"id": 1, "name": name, "ruleType": "Attribute", "operator": operator, "conditions": [condition]}


def activity(name: str, *conditions: tuple[str, str, list[object]]) -> dict[str, Any]:
    """A filter of a smart list on what people did."""
    parts = [{"activityAttributeName": part, "operator": how, "values": values} for part, how, values in conditions]
    return {"id": 2, "name": name, "ruleType": "Activity", "operator": "occurs", "conditions": parts}


def report(tmp_path: Path, *filters: tuple[str, str, str], **metadata: Any) -> Imported:
    """A report of these filters, imported."""
    items = [{"column": column, "operator": how, "value": value} for column, how, value in filters]
    path = tmp_path / "report.json"
    path.write_text(json.dumps({"reportMetadata": {"reportFilters": items, **metadata}}, indent=1), encoding="utf-8")
    return import_salesforce(read_json(path, "report.json"), SALESFORCE, SEMANTICS["salesforce"])


def found(memory: duckdb.DuckDBPyConnection, condition: Node, column: str, values: Iterable[Scalar]) -> list[Scalar]:
    """The values of a column for which a condition is true; it must never be NULL."""
    answers = {value: answer(memory, condition, {column: value}) for value in values}
    assert None not in answers.values(), answers
    return [value for value, holds in answers.items() if holds]


def answer(memory: duckdb.DuckDBPyConnection, condition: Node, row: dict[str, Scalar]) -> bool | None:
    """The answer for one row; a column that is not named is NULL."""
    return evaluate(memory, [render(condition)], typed_row(PERSON, row))[0]


def problem_of(raised: pytest.ExceptionInfo[DefinitionsError]) -> Problem:
    """The one finding of an error."""
    assert len(raised.value.problems) == 1, raised.value.problems
    return raised.value.problems[0]
