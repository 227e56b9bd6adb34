"""Smart lists: how filters are joined, what counts, and what is refused with its place."""

from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pytest

from plumbline.definitions.conditions import render
from plumbline.definitions.importing import import_marketo
from plumbline.definitions.json_files import read_json
from plumbline.definitions.problems import DefinitionsError

from .people import EXPORTS, MARKETO, SEMANTICS, activity, answer, lead, problem_of, smart_list


def test_an_export_of_the_api_keeps_its_logic(memory: duckdb.DuckDBPyConnection) -> None:
    document = read_json(EXPORTS / "mql_smart_list.json", "mql_smart_list.json")
    imported = import_marketo(document, MARKETO, SEMANTICS["marketo"])
    assert list(imported.criteria) == ["employees", "lead_score_or_visited_web_page", "lead_status"]
    assert [item.line for item in imported.filters] == [19, 22, 26, 36]
    assert imported.filters[2].shown == "Visited Web Page, 3 or more times in past 7 days"
    assert not imported.partial
    for employees, score, visits, status in product(
        (49, 50), (None, 64, 65), (None, 2, 3), (None, "open", "disqualified")
    ):
        wanted = employees >= 50 and ((score or 0) >= 65 or (visits or 0) >= 3) and status != "disqualified"
        row: dict[str, Any] = {"employees": employees, "score": score, "visits_7d": visits, "status": status}
        assert answer(memory, imported.condition, row) is wanted, row
        assert all(answer(memory, part, row) for part in imported.criteria.values()) is wanted


def test_filters_are_joined_by_any(memory: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    filters = [lead("Lead Score", "at least", "65"), lead("Job Title", "is", "CEO")]
    either = smart_list(tmp_path, *filters, filterMatchType="any")
    both = smart_list(tmp_path, *filters)
    rows: list[tuple[dict[str, Any], bool, bool]] = [
        ({"score": 65, "job_title": "ceo"}, True, True),
        ({"score": 65}, True, False),
        ({"job_title": "CEO"}, True, False),
        ({}, False, False),
    ]
    for row, wanted_either, wanted_both in rows:
        assert answer(memory, either.condition, row) is wanted_either
        assert answer(memory, both.condition, row) is wanted_both
    assert list(either.criteria) == ["lead_score_or_job_title"]
    assert list(both.criteria) == ["lead_score", "job_title"]


def test_two_filters_on_one_field_have_two_names(tmp_path: Path) -> None:
    imported = smart_list(tmp_path, lead("Lead Score", "at least", "1"), lead("Lead Score", "at most", "-1"))
    assert [item.name for item in imported.filters] == ["lead_score", "lead_score_2"]


def test_a_count_needs_the_same_window_and_constraints(memory: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    imported = smart_list(
        tmp_path,
        activity(
            "Filled Out Form", ("Form Name", "is", ["Trial", "Demo"]), ("Date of Activity", "in past", ["30 days"])
        ),
    )
    assert render(imported.condition) == "demos_30d is not null and demos_30d >= 1"
    for constraints in (
        [("Form Name", "is", ["Demo"]), ("Date of Activity", "in past", ["30 days"])],
        [("Form Name", "is", ["Trial", "Demo"]), ("Date of Activity", "in past", ["60 days"])],
        [("Form Name", "is", ["Trial", "Demo"])],
        [("Form Name", "contains", ["Trial", "Demo"]), ("Date of Activity", "in past", ["30 days"])],
        [
            ("Form Name", "is", ["Trial", "Demo"]),
            ("Date of Activity", "in past", ["30 days"]),
            ("Referrer", "is", ["ads"]),
        ],
    ):
        with pytest.raises(DefinitionsError) as raised:
            smart_list(tmp_path, activity("Filled Out Form", *constraints))
        assert problem_of(raised).code == "unknown-count"
        assert "Filled Out Form" in problem_of(raised).message


def test_triggers_make_an_import_partial(tmp_path: Path) -> None:
    imported = smart_list(tmp_path, lead("Lead Score", "at least", "1"), triggers=[{"name": "Score is Changed"}])
    assert imported.partial
    assert "Triggers" in imported.missing[0]


@pytest.mark.parametrize(
    ("item", "code", "says", "mends"),
    [
        (lead("Lead Scroe", "at least", "1"), "unknown-field", "`Lead Scroe`", "Did you mean `Lead Score`?"),
        (lead("Lead Score", "at leest", "1"), "unknown-operator", "`at leest`", "Did you mean `at least`?"),
        (
            lead("Lead Score", "contains", "1"),
            "unknown-operator",
            "`contains` is not an operator on number",
            "marketo.yml",
        ),
        (lead("Date of Birth", "in past", "30 days"), "refused-operator", "looks back", "stands still"),
        (lead("Date of Birth", "after", "2026-02-30"), "wrong-type", "'2026-02-30' is not a day", "YYYY-MM-DD"),
        (lead("Date of Birth", "after", "last month"), "moving-date", "moves with the calendar", "counts days"),
        (lead("Lead Score", "at least", "many"), "wrong-type", "'many' is not a number", "plain number"),
        (lead("Lead Score", "at least"), "no-value", "compared with nothing", "value"),
        (lead("Lead Score", "at least", "1", "2"), "several-values", "2 values", "filter logic"),
        (lead("Lead Score", "between", "9", "1"), "wrong-value", "never", "round"),
        (lead("Lead Score", "at least", "1" * 16), "wrong-type", "is not a number", "plain number"),
        (lead("Lead Score", "between", "9"), "no-value", "two values", "first and the last"),
        (lead("Lead Score", "at least", {"from": 1}), "wrong-type", "{'from': 1}", "again"),
        (lead("Unsubscribed", "is", "maybe"), "wrong-type", "neither true nor false", "true or false"),
        (lead("Lead Status", "is", "Opne"), "unknown-value", "no value that fits 'Opne'", "`values`"),
        (lead("Job Title", "contains", "100%"), "wildcard", "%", "column of the entity"),
        (lead("Job Title", "contains", "CHEF DE MARCHÉ"), "capitals", "fold", "small letters"),
        (lead("Job Title", "is", "chief's"), "not-plain-sql", "quote", "plain word"),
        (lead("Employees", "at least", "-5"), "never-occurs", "never -5", "bounds"),
        (
            {
                "name": "Lead Score",
                "conditions": [{"activityAttributeName": "Date", "operator": "is", "values": ["1"]}],
            },
            "constraint",
            "`Date`",
            "column of the entity",
        ),
        ({"name": "Lead Score", "operator": None}, "missing-key", "no operator", "again"),
        (
            lead("Lead Score", "is") | {"conditions": [lead("A", "is")["conditions"][0]] * 2},
            "constraint",
            "2",
            "one filter",
        ),
        (activity("Clicked Link"), "unknown-count", "`Clicked Link` (without constraints)", "counts"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(
    tmp_path: Path, item: dict[str, Any], code: str, says: str, mends: str
) -> None:
    with pytest.raises(DefinitionsError) as raised:
        smart_list(tmp_path, lead("Employees", "at least", "1"), item)
    problem = problem_of(raised)
    assert problem.code == code, problem
    assert says in problem.message
    assert mends in problem.mending
    assert problem.path == "list.json"
    assert problem.line > 15, "the second filter stands further down"


@pytest.mark.parametrize(
    ("rules", "code", "says"),
    [
        ({"filterMatchType": "custom", "filterCustomLogic": "1 and 3"}, "filter-logic", "there is no filter 3"),
        ({"filterMatchType": "custom"}, "filter-logic", "is empty"),
        ({"filterMatchType": "most"}, "filter-logic", "`most`"),
        ({"filterCustomLogic": "1 or 2"}, "filter-logic", "joined by `all`"),
        ({"filters": []}, "no-filter", "no filters"),
        ({"filters": [{"operator": "is"}]}, "missing-key", "`filters.0.name` is missing"),
        ({"filters": "all"}, "wrong-value", "`filters`"),
    ],
)
def test_rules_that_do_not_fit_are_refused(tmp_path: Path, rules: dict[str, Any], code: str, says: str) -> None:
    with pytest.raises(DefinitionsError) as raised:
        smart_list(tmp_path, lead("Employees", "at least", "1"), lead("Lead Score", "at least", "1"), **rules)
    assert problem_of(raised).code == code
    assert says in problem_of(raised).message
    assert problem_of(raised).line > 1


@pytest.mark.parametrize(
    ("text", "code", "line", "says"),
    [
        ('{"rules": {\n"filters": [\n}', "unreadable-json", 3, "not JSON"),
        ("", "unreadable-json", 1, "not JSON"),
        ('{"rules": ' + "9" * 5000 + "}", "unreadable-json", 1, "cannot be read"),
        ('{"rules": ' + "[" * 700 + "]" * 700 + "}", "unreadable-json", 1, "nested too deeply"),
        ("[" * 100_000, "unreadable-json", 1, "nested too deeply"),
        ('{"rules": {},\n"rules": {}}', "twice", 2, "`rules` stands twice"),
        ('{"success": true,\n"result": []}', "export", 2, "0 smart lists"),
        ('{"rules":\n{"triggers": []}}', "export", 1, "no `rules` with `filters`"),
        ("[1, 2]", "export", 1, "no `rules` with `filters`"),
    ],
)
def test_a_file_that_is_no_export_is_refused(tmp_path: Path, text: str, code: str, line: int, says: str) -> None:
    path = tmp_path / "list.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionsError) as raised:
        import_marketo(read_json(path, "list.json"), MARKETO, SEMANTICS["marketo"])
    assert (problem_of(raised).code, problem_of(raised).line) == (code, line)
    assert says in problem_of(raised).message
