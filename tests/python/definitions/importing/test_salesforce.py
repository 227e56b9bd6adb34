"""Reports: filter logic, what a report shows besides its filters, and what is refused with its place."""

from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pytest

from plumbline.definitions.importing import import_salesforce
from plumbline.definitions.json_files import read_json
from plumbline.definitions.problems import DefinitionsError

from .people import EXPORTS, SALESFORCE, SEMANTICS, answer, problem_of, report


def test_a_described_report_is_partial_with_what_is_missing(memory: duckdb.DuckDBPyConnection) -> None:
    document = read_json(EXPORTS / "hot_leads_report.json", "hot_leads_report.json")
    imported = import_salesforce(document, SALESFORCE, SEMANTICS["salesforce"])
    assert imported.missing == (
        "The report's standard date range, CREATED_DATE 2026-06-01 to 2026-08-30, is not in the condition.",
        "The report's row limit of 200 is not in the condition.",
        "The report's scope, user, is not in the condition: other owners' records.",
    )
    assert list(imported.criteria) == ["score_c_or_title", "status"]
    for score, title, status in product((None, 69, 70), (None, "", "chief of staff"), (None, "open", "disqualified")):
        wanted = ((score or 0) >= 70 or title == "chief of staff") and status != "disqualified"
        row: dict[str, Any] = {"score": score, "job_title": title, "status": status}
        assert answer(memory, imported.condition, row) is wanted, row


def test_without_logic_all_filters_hold(memory: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    imported = report(tmp_path, ("EMPLOYEES", "greaterThan", "10"), ("STATUS", "equals", "open"))
    assert not imported.partial
    assert answer(memory, imported.condition, {"employees": 11, "status": "open"}) is True
    assert answer(memory, imported.condition, {"employees": 11, "status": "working"}) is False
    assert answer(memory, imported.condition, {"employees": 10, "status": "open"}) is False


@pytest.mark.parametrize(
    ("metadata", "says"),
    [
        ({"standardDateFilter": {"column": "CLOSE", "durationValue": "THIS_QUARTER"}}, "CLOSE THIS_QUARTER"),
        ({"standardFilters": [{"name": "open", "value": "closedwon"}]}, "standard filter open = closedwon"),
        ({"crossFilters": [{"primaryEntityField": "ID"}]}, "`crossFilters`"),
        ({"division": "EMEA"}, "`division`"),
        ({"userOrHierarchyFilterId": "005A"}, "`userOrHierarchyFilterId`"),
        ({"topRows": {"rowLimit": 10, "direction": "Asc"}}, "row limit of 10"),
        ({"scope": "team"}, "scope, team"),
    ],
)
def test_what_else_restricts_a_report_is_named(tmp_path: Path, metadata: dict[str, Any], says: str) -> None:
    imported = report(tmp_path, ("STATUS", "equals", "open"), **metadata)
    assert len(imported.missing) == 1
    assert says in imported.missing[0]


@pytest.mark.parametrize(
    "metadata",
    [
        {"standardDateFilter": {"column": "CLOSE", "durationValue": "CUSTOM", "startDate": None, "endDate": None}},
        {"scope": "organization"},
        {"crossFilters": [], "division": None, "name": "Open ones", "sortBy": [{"sortColumn": "STATUS"}]},
    ],
)
def test_what_restricts_nothing_is_not_missing(tmp_path: Path, metadata: dict[str, Any]) -> None:
    assert not report(tmp_path, ("STATUS", "equals", "open"), **metadata).partial


@pytest.mark.parametrize(
    ("item", "code", "says", "mends"),
    [
        (("STAUTS", "equals", "open"), "unknown-field", "`STAUTS`", "Did you mean `STATUS`?"),
        (("STATUS", "equal", "open"), "unknown-operator", "`equal`", "Did you mean `equals`?"),
        (("TITLE", "lessThan", "M"), "unknown-operator", "`lessThan` is not an operator on text", "salesforce.yml"),
        (("STATUS", "includes", "open"), "refused-operator", "several values at once", "column"),
        (("CREATED_DATE", "equals", "LAST_N_DAYS:30"), "moving-date", "reads no clock", "counts days"),
        (("Birthdate", "equals", "TODAY"), "moving-date", "reads no clock", "counts days"),
        (("Score__c", "equals", "1,000"), "several-values", "one number or several", "without commas"),
        (("Score__c", "greaterThan", "EUR 5"), "wrong-type", "'EUR 5' is not a number", "plain number"),
        (("STAGE_NAME", "equals", "Negotiation"), "not-told-apart", "'Prospecting'", "tells them apart"),
        (("STAGE_NAME", "equals", "Closed One"), "unknown-value", "'Closed One'", "Did you mean `Closed Won`?"),
        (("PROBABILITY", "equals", "200"), "never-occurs", "at most 1", "bounds"),
        (("Gone__c", "equals", ""), "no-value", "nothing", "value"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(
    tmp_path: Path, item: tuple[str, str, str], code: str, says: str, mends: str
) -> None:
    with pytest.raises(DefinitionsError) as raised:
        report(tmp_path, ("EMPLOYEES", "greaterThan", "1"), item)
    problem = problem_of(raised)
    assert problem.code == code, problem
    assert says in problem.message
    assert mends in problem.mending
    assert (problem.path, problem.line) == ("report.json", 9)


@pytest.mark.parametrize(
    ("metadata", "code", "says"),
    [
        ({"reportBooleanFilter": "1 AND 2"}, "filter-logic", "there is no filter 2"),
        ({"reportBooleanFilter": "1 AND"}, "filter-logic", "breaks off"),
        ({"reportFilters": []}, "no-filter", "no filters"),
        ({"reportFilters": [{"column": "STATUS"}]}, "missing-key", "`reportFilters.0.operator` is missing"),
        (
            {"reportFilters": [{"column": "A", "operator": "equals", "value": "B", "filterType": "fieldToField"}]},
            "filter-type",
            "fieldToField",
        ),
    ],
)
def test_metadata_that_does_not_fit_is_refused(tmp_path: Path, metadata: dict[str, Any], code: str, says: str) -> None:
    with pytest.raises(DefinitionsError) as raised:
        report(tmp_path, ("STATUS", "equals", "open"), **metadata)
    assert problem_of(raised).code == code
    assert says in problem_of(raised).message
    assert problem_of(raised).line > 1


def test_every_wrong_filter_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(DefinitionsError) as raised:
        report(tmp_path, ("A", "equals", "1"), ("STATUS", "is", "open"), reportBooleanFilter="1 OR 3")
    assert [problem.code for problem in raised.value.problems] == ["unknown-field", "unknown-operator", "filter-logic"]


def test_a_file_that_is_no_report_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text('{"factMap": {}}', encoding="utf-8")
    with pytest.raises(DefinitionsError) as raised:
        import_salesforce(read_json(path, "report.json"), SALESFORCE, SEMANTICS["salesforce"])
    assert problem_of(raised).code == "export"
