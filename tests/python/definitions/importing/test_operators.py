"""Every operator that is listed answers as its vendor says: of NULL, of empty text, of capitals.

The expected rows are written by hand from the rules; DuckDB answers the imported condition.
"""

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from plumbline.definitions.importing import Imported
from plumbline.definitions.portability import unportable
from plumbline.definitions.schemas import Scalar

from .people import SEMANTICS, found, lead, report, smart_list

TEXTS: list[Scalar] = [None, "", "Manager", "manager", "Senior Manager", "Sales"]
STATUSES: list[Scalar] = [None, "open", "working", "disqualified"]
STAGES: list[Scalar] = [None, "open", "won", "lost"]
NUMBERS: list[Scalar] = [None, -1, 0, 5, 10, 11]
SIZES: list[Scalar] = [0, 5, 10]
TRUTHS: list[Scalar] = [None, True, False]
FIRST, SECOND, THIRD = date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)
DAYS: list[Scalar] = [None, FIRST, SECOND, THIRD]
MIDNIGHT, LATE, NEXT = datetime(2026, 1, 2), datetime(2026, 1, 2, 23, 59, 59), datetime(2026, 1, 3)
MOMENTS: list[Scalar] = [None, MIDNIGHT, LATE, NEXT]

ROWS: dict[str, tuple[str, list[Scalar]]] = {
    "Job Title": ("job_title", TEXTS),
    "Lead Status": ("status", STATUSES),
    "Lead Score": ("score", NUMBERS),
    "Employees": ("employees", SIZES),
    "Unsubscribed": ("is_gone", TRUTHS),
    "Date of Birth": ("born_date", DAYS),
    "Created At": ("made_at", MOMENTS),
    "TITLE": ("job_title", TEXTS),
    "STATUS": ("status", STATUSES),
    "STAGE_NAME": ("stage", STAGES),
    "Score__c": ("score", NUMBERS),
    "EMPLOYEES": ("employees", SIZES),
    "PROBABILITY": ("probability", [None, 0, 0.2, 0.5]),
    "Gone__c": ("is_gone", TRUTHS),
    "Birthdate": ("born_date", DAYS),
    "CREATED_DATE": ("made_at", MOMENTS),
}

# field, operator, values, the rows that the tool shows, whether the tool's documentation leaves a doubt
MARKETO: list[tuple[str, str, list[object], list[Scalar], bool]] = [
    ("Job Title", "is", ["Manager"], ["Manager", "manager"], False),
    ("Job Title", "is", ["MANAGER", "sales"], ["Manager", "manager", "Sales"], False),
    ("Job Title", "is not", ["Manager"], [None, "", "Senior Manager", "Sales"], False),
    ("Job Title", "is not", ["Manager", "Sales"], [None, "", "Senior Manager"], False),
    ("Job Title", "starts with", ["man"], ["Manager", "manager"], True),
    ("Job Title", "not starts with", ["MAN"], [None, "", "Senior Manager", "Sales"], True),
    ("Job Title", "contains", ["manager"], ["Manager", "manager", "Senior Manager"], True),
    ("Job Title", "not contains", ["Manager"], [None, "", "Sales"], True),
    ("Job Title", "not contains", ["42"], TEXTS, False),
    ("Job Title", "is empty", [], [None], False),
    ("Job Title", "is not empty", [], ["", "Manager", "manager", "Senior Manager", "Sales"], False),
    ("Lead Status", "is", ["Working"], ["working"], False),
    ("Lead Status", "is not", ["Disqualified"], [None, "open", "working"], False),
    ("Lead Status", "contains", ["o"], ["open", "working"], True),
    ("Lead Status", "is empty", [], [None], False),
    ("Lead Score", "is", [0], [None, 0], False),
    ("Lead Score", "is", ["5"], [5], False),
    ("Lead Score", "is not", ["5"], [None, -1, 0, 10, 11], False),
    ("Lead Score", "is not", ["0"], [None, -1, 5, 10, 11], True),
    ("Lead Score", "between", ["5", "10"], [5, 10], False),
    ("Lead Score", "between", ["-1", "5"], [-1, 0, 5], True),
    ("Lead Score", "greater than", ["5"], [10, 11], False),
    ("Lead Score", "greater than", ["-1"], [0, 5, 10, 11], True),
    ("Lead Score", "less than", ["5"], [-1, 0], True),
    ("Lead Score", "less than", ["0"], [-1], False),
    ("Lead Score", "at least", ["10"], [10, 11], False),
    ("Lead Score", "at most", ["0"], [-1, 0], True),
    ("Lead Score", "is empty", [], [None], False),
    ("Lead Score", "is not empty", [], [-1, 0, 5, 10, 11], False),
    ("Employees", "less than", ["10"], [0, 5], False),
    ("Unsubscribed", "is", [True], [True], False),
    ("Unsubscribed", "is", ["false"], [False], True),
    ("Date of Birth", "is", ["2026-01-02"], [SECOND], False),
    ("Date of Birth", "is not", ["2026-01-02"], [None, FIRST, THIRD], False),
    ("Date of Birth", "between", ["2026-01-02", "2026-01-03"], [SECOND, THIRD], False),
    ("Date of Birth", "after", ["2026-01-02"], [THIRD], False),
    ("Date of Birth", "on or after", ["2026-01-02"], [SECOND, THIRD], False),
    ("Date of Birth", "before", ["2026-01-02"], [None, FIRST], False),
    ("Date of Birth", "on or before", ["2026-01-02"], [None, FIRST, SECOND], False),
    ("Date of Birth", "is empty", [], [None], False),
    ("Date of Birth", "is not empty", [], [FIRST, SECOND, THIRD], False),
    ("Created At", "is", ["2026-01-02"], [MIDNIGHT, LATE], True),
]
SALESFORCE: list[tuple[str, str, str, list[Scalar], bool]] = [
    ("TITLE", "equals", "manager", ["Manager", "manager"], False),
    ("TITLE", "equals", "Manager,Sales", ["Manager", "manager", "Sales"], False),
    ("TITLE", "equals", '"Manager, Sales"', [], False),
    ("TITLE", "equals", "", [None, ""], False),
    ("TITLE", "equals", "Sales,", [None, "", "Sales"], False),
    ("TITLE", "notEqual", "manager", [None, "", "Senior Manager", "Sales"], False),
    ("TITLE", "notEqual", "manager,sales", [None, "", "Senior Manager"], False),
    ("TITLE", "notEqual", "", ["Manager", "manager", "Senior Manager", "Sales"], False),
    ("TITLE", "contains", "MANAGER", ["Manager", "manager", "Senior Manager"], False),
    ("TITLE", "notContain", "manager", [None, "", "Sales"], False),
    ("TITLE", "startsWith", "S", ["Senior Manager", "Sales"], True),
    ("STATUS", "equals", "Open,Working", ["open", "working"], False),
    ("STATUS", "notEqual", "open", [None, "working", "disqualified"], False),
    ("STATUS", "notEqual", "", ["open", "working", "disqualified"], False),
    ("STAGE_NAME", "equals", "closed won", ["won"], False),
    ("STAGE_NAME", "equals", "Prospecting,Negotiation", ["open"], False),
    ("STAGE_NAME", "notEqual", "Closed Won,Closed Lost", [None, "open"], False),
    ("STAGE_NAME", "startsWith", "Closed", ["won", "lost"], True),
    ("STAGE_NAME", "notContain", "won", [None, "open", "lost"], False),
    ("Score__c", "equals", "5", [5], False),
    ("Score__c", "equals", "0", [0], True),
    ("Score__c", "equals", "", [None], False),
    ("Score__c", "notEqual", "5", [None, -1, 0, 10, 11], False),
    ("Score__c", "notEqual", "", [-1, 0, 5, 10, 11], False),
    ("Score__c", "lessThan", "5", [-1, 0], True),
    ("Score__c", "greaterThan", "5", [10, 11], False),
    ("Score__c", "lessOrEqual", "5", [-1, 0, 5], True),
    ("Score__c", "greaterOrEqual", "10", [10, 11], False),
    ("Score__c", "lessThan", "1,000", [-1, 0, 5, 10, 11], True),
    ("EMPLOYEES", "lessThan", "10", [0, 5], False),
    ("PROBABILITY", "greaterOrEqual", "20", [0.2, 0.5], False),
    ("Gone__c", "equals", "False", [None, False], False),
    ("Gone__c", "equals", "True", [True], False),
    ("Gone__c", "notEqual", "True", [None, False], False),
    ("Gone__c", "notEqual", "False", [True], False),
    ("Birthdate", "equals", "2026-01-02", [SECOND], False),
    ("Birthdate", "equals", "", [None], False),
    ("Birthdate", "notEqual", "2026-01-02", [None, FIRST, THIRD], False),
    ("Birthdate", "lessThan", "2026-01-02", [FIRST], True),
    ("Birthdate", "greaterThan", "2026-01-02", [THIRD], True),
    ("Birthdate", "lessOrEqual", "2026-01-02", [FIRST, SECOND], True),
    ("Birthdate", "greaterOrEqual", "2026-01-02", [SECOND, THIRD], True),
    ("CREATED_DATE", "equals", "2026-01-02", [MIDNIGHT, LATE], True),
]


def holds(memory: duckdb.DuckDBPyConnection, imported: Imported, name: str, wanted: list[Scalar], doubt: bool) -> None:
    column, rows = ROWS[name]
    assert found(memory, imported.condition, column, rows) == wanted, imported.sql
    assert imported.partial is doubt, imported.missing
    assert unportable(imported.condition) == [], imported.sql
    assert all(f"`{name}`" in missing for missing in imported.missing)


@pytest.mark.parametrize(("name", "operator", "values", "wanted", "doubt"), MARKETO)
def test_a_smart_list_finds_whom_marketo_finds(
    memory: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    name: str,
    operator: str,
    values: list[object],
    wanted: list[Scalar],
    doubt: bool,
) -> None:
    holds(memory, smart_list(tmp_path, lead(name, operator, *values)), name, wanted, doubt)


@pytest.mark.parametrize(("name", "operator", "value", "wanted", "doubt"), SALESFORCE)
def test_a_report_has_the_records_that_salesforce_has(
    memory: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    name: str,
    operator: str,
    value: str,
    wanted: list[Scalar],
    doubt: bool,
) -> None:
    holds(memory, report(tmp_path, (name, operator, value)), name, wanted, doubt)


def test_every_listed_operator_is_among_the_cases() -> None:
    families = {"job_title": "text", "status": "text", "stage": "text", "is_gone": "boolean"}
    families |= {"score": "number", "employees": "number", "probability": "number"}
    families |= {"born_date": "date", "made_at": "date"}
    for vendor, cases in (("marketo", MARKETO), ("salesforce", SALESFORCE)):
        tried = {(families[ROWS[name][0]], operator) for name, operator, *_ in cases}
        listed = {
            (family, name)
            for family, rules in SEMANTICS[vendor].operators.items()
            for name in rules
            if family != "activity"
        }
        assert tried == listed


def test_a_capital_beyond_ascii_is_folded_by_the_engine(memory: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    imported = smart_list(tmp_path, lead("Job Title", "is", "GESCHÄFTSFÜHRER", "CEO"))
    rows: list[Scalar] = ["Geschäftsführer", "GESCHÄFTSFÜHRER", "ceo", "Geschaftsfuhrer", None]
    assert found(memory, imported.condition, "job_title", rows) == ["Geschäftsführer", "GESCHÄFTSFÜHRER", "ceo"]
