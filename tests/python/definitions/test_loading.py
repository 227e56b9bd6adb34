"""A wrong file is one clear finding: file, line, what is wrong, how to mend it."""

from pathlib import Path

import pytest

from plumbline.definitions import DefinitionsError, load_library
from plumbline.definitions.problems import Problem

from .small_project import ENTITY, ROOT, TERM, write_definitions


def problems_of(root: Path) -> list[Problem]:
    with pytest.raises(DefinitionsError) as caught:
        load_library(root)
    return caught.value.problems


def test_the_definitions_of_the_project_load() -> None:
    library = load_library(ROOT)
    assert set(library.entities) >= {"account", "opportunity"}
    assert {"open", "won", "lost", "pipeline", "active_customer", "engaged_account"} <= set(library.terms)


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "says", "mends"),
    [
        ("owner:", "onwer:", 7, "unknown-key", "`onwer`", "Did you mean `owner`?"),
        (
            '    criteria:\n      size: {sql: "size >= 10"',
            '    criteria:\n      size: {sqll: "size >= 10"',
            15,
            "unknown-key",
            "`versions.0.criteria.size.sqll`",
            "Did you mean `sql`?",
        ),
        ("grain: one row per deal\n", "", 1, "missing-key", "`grain` is missing", "Add `grain:`"),
        ("team: sales", "team: sails", 7, "wrong-value", "`owner.team`", "README"),
        ("every: 3 months", "every: quarterly", 9, "wrong-value", "`review.every`", "README"),
        ("[sales, marketing]", "[sales, sales]", 8, "wrong-value", "a team stands twice", "README"),
        ("entity: deal", "entity: dael", 4, "unknown-entity", "`dael`", "Did you mean `deal`?"),
        ("term: big", "term: bigger", 2, "file-name", "The file is called big", "bigger.yml"),
        (
            "size >= 20",
            "sise >= 20",
            24,
            "unknown-column",
            "`sise` is not a column of deal",
            "Did you mean `size`?",
        ),
        ("size >= 20", "size >= 'big'", 24, "wrong-type", "compares a number with a text", "number"),
        ("size >= 20", "size >= ", 24, "unreadable-sql", "not SQL", "one condition"),
        ("size >= 20", "size / 2 >= 10", 24, "not-plain-sql", "Division", "products"),
        (
            "- {size: 20, expect: true}",
            "- {sise: 20, expect: true}",
            27,
            "unknown-column",
            "`sise`",
            "`size`",
        ),
        (
            "- {size: 20, expect: true}",
            "- {size: big, expect: true}",
            27,
            "wrong-value",
            "`size` is decimal; 'big' is not",
            "Mend the example",
        ),
        (
            "- {size: 20, expect: true}",
            "- {stage: Open, expect: true}",
            27,
            "wrong-value",
            "`stage` is never 'Open'",
            "Mend",
        ),
        ("- {size: 20, expect: true}", "- {size: 20}", 27, "missing-key", "expect", "Add `expect:`"),
        (
            "{size: 9.99, expect: false}",
            "{size: 11, expect: true}",
            16,
            "one-sided-examples",
            "`expect: false`",
            "Add one",
        ),
        ("version: 2", "version: 3", 20, "version-order", "numbered 3", "from 1"),
        (
            "2025-07-01",
            "2024-01-01",
            21,
            "overlap",
            "not after version 1 (2024-01-01)",
            "Each version begins after",
        ),
        ("2026-02-01", "2025-01-01", 31, "overlap", "their days overlap", "Each version begins after"),
        ("2025-07-01", "2025-07-32", 21, "wrong-value", "effective_from", "README"),
        ("name: Big deal", "name: Big deal\nname: Large deal", 4, "twice", "`name` stands twice", "Remove"),
        ("term: big", "term: [big", 3, "unreadable-yaml", "not YAML", "quotes"),
        ("kind: predicate", "kind: sum", 5, "wrong-value", "`kind`", "README"),
        ("kind: predicate", "kind: transition", 1, "wrong-value", "says in each version what it comes from", "README"),
        ("criteria:", "comes_from: big\n    criteria:", 1, "wrong-value", "a predicate does not", "README"),
    ],
)
def test_a_wrong_term_is_found(tmp_path: Path, old: str, new: str, line: int, code: str, says: str, mends: str) -> None:
    assert old in TERM
    write_definitions(tmp_path)
    path = tmp_path / "definitions" / "terms" / "big.yml"
    path.write_text(TERM.replace(old, new, 1), encoding="utf-8")
    found = problems_of(tmp_path)
    assert [problem.code for problem in found] == [code], found
    assert found[0].path == "definitions/terms/big.yml"
    assert found[0].line == line
    assert says in found[0].message
    assert mends in found[0].mending
    assert str(found[0]).startswith(f"definitions/terms/big.yml:{line}: error [{code}]")


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "says"),
    [
        (
            "type: decimal, min: 0, typical: 10",
            "type: decimal, min: 0, typical: -1",
            7,
            "wrong-value",
            "at least 0",
        ),
        (
            "type: boolean, typical: true",
            "type: boolean, min: 0, typical: true",
            10,
            "wrong-value",
            "only numbers",
        ),
        (
            "type: integer, typical: 5",
            "type: integer, accepted_values: [a], typical: 5",
            8,
            "wrong-value",
            "only texts",
        ),
        ("type: integer, typical: 5", "type: number, typical: 5", 8, "wrong-value", "columns.seats.type"),
        ("type: integer, typical: 5", "type: integer, typical: five", 8, "wrong-value", "'five'"),
        (
            "description: A deal.",
            "description: A deal.\nfacts: {odd: {sql: 'sizes > 1'}}",
            5,
            "unknown-column",
            "`sizes`",
        ),
    ],
)
def test_a_wrong_entity_is_found(tmp_path: Path, old: str, new: str, line: int, code: str, says: str) -> None:
    assert old in ENTITY
    write_definitions(tmp_path)
    path = tmp_path / "definitions" / "entities" / "deal.yml"
    path.write_text(ENTITY.replace(old, new, 1), encoding="utf-8")
    found = [problem for problem in problems_of(tmp_path) if problem.path.startswith("definitions/entities")]
    assert [(problem.line, problem.code) for problem in found] == [(line, code)]
    assert says in found[0].message


def test_all_findings_come_at_once(tmp_path: Path) -> None:
    write_definitions(tmp_path, TERM.replace("size >= 20", "sise >= 20").replace("{size: 10,", "{sise: 10,"))
    assert [problem.code for problem in problems_of(tmp_path)] == ["unknown-column", "unknown-column"]


def test_a_file_that_is_not_utf8_is_named(small: Path) -> None:
    (small / "definitions" / "terms" / "big.yml").write_bytes(b"term: \xff\xfe")
    assert [(problem.code, problem.path) for problem in problems_of(small)] == [
        ("unreadable-file", "definitions/terms/big.yml")
    ]


def test_a_folder_without_definitions_says_so(tmp_path: Path) -> None:
    assert [problem.code for problem in problems_of(tmp_path)] == ["no-terms"]


def test_words_that_yaml_1_1_takes_for_booleans_stay_words(small: Path) -> None:
    signed = "[{team: sales, role: head of sales, on: 2026-01-05, meaning: 'sha256:%s', evidence: minutes.pdf}]"
    path = small / "definitions" / "terms" / "big.yml"
    path.write_text(TERM.replace("sign_off: []", "sign_off: " + signed % ("0" * 64), 1), encoding="utf-8")
    assert load_library(small).terms["big"].term.versions[0].sign_off[0].on.isoformat() == "2026-01-05"


@pytest.mark.parametrize(
    ("metric", "code", "says", "mends"),
    [
        ("{name: Size, unit: count, taken: now}", "wrong-value", "`metrics.much.taken`", "README"),
        ("{name: Size, unit: count, taken: period_end}", "no-past", "cannot be taken of deal", "opportunity (period"),
        ("{name: Size, unit: amount, taken: first_time}", "no-amount", "has no amount", "unit: count"),
        ("{name: Size, unit: share, taken: close_date}", "wrong-value", "a share names under `beside`", "README"),
        ("{name: Size, unit: share, taken: close_date, beside: [bigg]}", "unknown-term", "`bigg` is no other", ""),
        ("{name: Size, unit: count, taken: first_time, among: [big]}", "one-term", "one term alone", "`among` out"),
        ("{name: Size's, unit: count, taken: period_end}", "wrong-value", "`metrics.much.name`", "README"),
    ],
)
def test_a_metric_that_cannot_be_published_is_a_finding_at_its_line(
    tmp_path: Path, metric: str, code: str, says: str, mends: str
) -> None:
    write_definitions(tmp_path, TERM.replace("versions:", f"metrics:\n  much: {metric}\nversions:", 1))
    found = [problem for problem in problems_of(tmp_path) if problem.code == code]
    assert any(says in problem.message and mends in problem.mending for problem in found), problems_of(tmp_path)
    assert all(problem.line == 11 for problem in found)
