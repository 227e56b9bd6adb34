"""A variant names its source and the source's hash; a slip in the file is one finding with its line and mending."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from plumbline.definitions import check_library, load_library
from plumbline.definitions.importing import import_variant, load_variants, source_hash
from plumbline.definitions.problems import DefinitionsError
from plumbline.definitions.semantics_schemas import Semantics

from ..small_project import ROOT
from .people import SEMANTICS, problem_of

REPORT = """{"reportMetadata": {
  "reportFilters": [
    {"column": "AMOUNT", "operator": "greaterOrEqual", "value": "20,000"},
    {"column": "STAGE", "operator": "notEqual", "value": "Dead"}
  ],
  "topRows": {"rowLimit": 5}
}}
"""
LIST = """{"rules": {"filterMatchType": "any", "filters": [
  {"name": "Seats", "operator": "at least", "values": [5]}
]}}
"""
VARIANT = """
variant: big_sales
name: Big deals, as sales filters them
term: big
entity: deal
team: sales
stance: accepted_difference
expect: overlapping
expires: 2027-03-31
why: Sales counts the amount in thousands.
source:
  kind: salesforce_report
  file: exports/big.json
  hash: HASH
  read: 2026-10-01
fields:
  AMOUNT: {column: size, times: 0.001}
  STAGE: {column: stage, values: {Working: open, Signed: won, Dead: lost}}
"""
HEAD = VARIANT.split("fields:\n")[0]


def write(root: Path, text: str = VARIANT, source: str = REPORT, file: str = "exports/big.json") -> Path:
    """A variant and its source, in a project with the term `big`."""
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
    variant = root / "definitions" / "variants" / "big_sales.yml"
    variant.parent.mkdir(parents=True, exist_ok=True)
    variant.write_text(text.replace("HASH", source_hash(path)), encoding="utf-8")
    return root


def test_a_variant_is_read_from_its_report(small: Path) -> None:
    found = load_variants(load_library(write(small)))["big_sales"]
    assert found.governed.term.term == "big"
    assert found.variant.expires == date(2027, 3, 31)
    imported = import_variant(found, SEMANTICS)
    assert list(imported.criteria) == ["amount", "stage"]
    assert imported.sql == "size is not null and size >= 20 and (stage is null or not (stage = 'lost'))"
    assert imported.missing == ("The report's row limit of 5 is not in the condition.",)


def test_what_the_tool_applies_without_saying_so_is_part_of_the_variant(small: Path) -> None:
    told = VARIANT + 'implicit:\n  kept: {sql: "is_gone IS NOT TRUE", why: a report shows nothing from the bin}\n'
    imported = import_variant(load_variants(load_library(write(small, told)))["big_sales"], SEMANTICS)
    assert list(imported.criteria) == ["amount", "stage", "kept"]
    assert imported.sql.endswith("(stage is null or not (stage = 'lost')) and not coalesce(is_gone, false)")
    for wrong, code in ((told.replace(", why: a report shows nothing from the bin", ""), "wrong-value"),
                        (told.replace("is_gone IS", "is_lost IS"), "unknown-column")):  # fmt: skip
        with pytest.raises(DefinitionsError) as caught:
            load_variants(load_library(write(small, wrong)))
        assert [problem.code for problem in caught.value.problems] == [code]


def test_a_smart_list_and_a_query_are_read_too(small: Path) -> None:
    text = HEAD.replace("salesforce_report", "marketo_smart_list") + "fields:\n  Seats: {column: seats}\n"
    found = load_variants(load_library(write(small, text, LIST)))["big_sales"]
    assert import_variant(found, SEMANTICS).sql == "seats is not null and seats >= 5"
    text = HEAD.replace("salesforce_report", "sql").replace("read:", "dialect: snowflake\n  read:")
    text = text.replace("big.json", "big.sql")
    found = load_variants(load_library(write(small, text, "where SEATS >= 5", "exports/big.sql")))["big_sales"]
    assert import_variant(found, {}).sql == "seats >= 5"


def test_a_document_is_typed_in(small: Path) -> None:
    text = HEAD.replace("salesforce_report", "document").replace("big.json", "big.txt")
    text += "criteria:\n  many: {sql: seats >= 5, why: fewer are not worth it}\n  kept: {sql: is_gone IS NOT TRUE}\n"
    found = load_variants(load_library(write(small, text, "five seats", "exports/big.txt")))["big_sales"]
    imported = import_variant(found, {})
    assert imported.sql == "seats >= 5 and not coalesce(is_gone, false)"
    assert list(imported.criteria) == ["many", "kept"]
    assert (imported.filters[0].line, imported.filters[0].rule) == (17, "fewer are not worth it")


def test_a_source_that_changed_is_found(small: Path) -> None:
    write(small)
    path = small / "exports" / "big.json"
    path.write_text(REPORT.replace("20,000", "30,000"), encoding="utf-8")
    with pytest.raises(DefinitionsError) as raised:
        load_variants(load_library(small))
    problem = problem_of(raised)
    assert (problem.path, problem.line) == ("definitions/variants/big_sales.yml", 14)
    assert problem.code == "source-changed"
    assert source_hash(path) in problem.message
    assert "2026-10-01" in problem.message
    assert "`plumbline definitions init exports/big.json --team sales --term big --dry-run`" in problem.mending
    assert list(load_variants(load_library(small), anew=path)) == ["big_sales"]
    path.unlink()
    with pytest.raises(DefinitionsError) as raised:
        load_variants(load_library(small))
    assert (problem_of(raised).code, problem_of(raised).line) == ("no-source", 13)


def test_a_vendor_without_semantics_is_named(small: Path) -> None:
    found = load_variants(load_library(write(small)))["big_sales"]
    none: dict[str, Semantics] = {}
    with pytest.raises(DefinitionsError) as raised:
        import_variant(found, none)
    assert problem_of(raised).code == "no-semantics"
    assert "definitions/semantics/salesforce.yml" in problem_of(raised).mending


def test_a_query_that_is_not_text_is_found(small: Path) -> None:
    text = HEAD.replace("salesforce_report", "sql")
    found = load_variants(load_library(write(small, text)))["big_sales"]
    found.source.write_bytes(b"\xff\xfe")
    with pytest.raises(DefinitionsError) as raised:
        import_variant(found, SEMANTICS)
    assert problem_of(raised).code == "unreadable-file"


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "says", "mends"),
    [
        ("stance:", "stanse:", 7, "unknown-key", "`stanse`", "Did you mean `stance`?"),
        ("expires: 2027-03-31\n", "", 1, "wrong-value", "needs `expires`", "README"),
        ("why: Sales counts the amount in thousands.\n", "", 1, "wrong-value", "needs `why`", "README"),
        ("stance: accepted_difference", "stance: must_match", 1, "wrong-value", "to be equivalent", "README"),
        ("expect: overlapping", "expect: bigger", 8, "wrong-value", "`expect`", "README"),
        ("term: big", "term: bigg", 4, "unknown-term", "`bigg`", "Did you mean `big`?"),
        ("entity: deal", "entity: dael", 5, "unknown-entity", "about deal", "`entity: deal`"),
        ("variant: big_sales", "variant: big_deal", 2, "file-name", "big_sales", "big_deal.yml"),
        ("kind: salesforce_report", "kind: document", 1, "wrong-value", "criteria are written", "README"),
        ("  read: 2026", "  dialect: duckdb\n  read: 2026", 11, "wrong-value", "only sql has a dialect", "README"),
        ("hash: HASH", "hash: sha256:12", 14, "wrong-value", "`source.hash`", "README"),
        ("file: exports/", "file: ../exports/", 13, "wrong-value", "below the project's root", "README"),
        ("file: exports/", "file: /exports/", 13, "wrong-value", "below the project's root", "README"),
        ("column: size", "column: sise", 17, "unknown-column", "`sise`", "Did you mean `size`?"),
        ("column: size", "column: stage", 17, "wrong-type", "only numbers are multiplied", "Remove"),
        ("column: stage,", "column: seats,", 18, "wrong-type", "only texts have values", "Remove"),
        ("Dead: lost", "Dead: lots", 18, "wrong-value", "never 'lots'", "Did you mean `lost`?"),
        ("times: 0.001", "times: 0", 17, "wrong-value", "`fields.AMOUNT.times`", "README"),
    ],
)
def test_a_wrong_variant_is_found(small: Path, old: str, new: str, line: int, code: str, says: str, mends: str) -> None:
    assert old in VARIANT
    write(small, VARIANT.replace(old, new, 1))
    with pytest.raises(DefinitionsError) as raised:
        load_variants(load_library(small))
    problem = problem_of(raised)
    assert (problem.path, problem.line, problem.code) == ("definitions/variants/big_sales.yml", line, code), problem
    assert says in problem.message
    assert mends in problem.mending


def test_a_typed_criterion_is_held_against_the_entity(small: Path) -> None:
    text = HEAD.replace("salesforce_report", "document") + "criteria:\n  many: {sql: seets >= 5}\n"
    write(small, text)
    with pytest.raises(DefinitionsError) as raised:
        load_variants(load_library(small))
    assert (problem_of(raised).code, problem_of(raised).line) == ("unknown-column", 17)


def with_semantics(root: Path) -> Path:
    """The project's own rules about vendors, in a small project."""
    shutil.copytree(ROOT / "definitions" / "semantics", root / "definitions" / "semantics", dirs_exist_ok=True)
    return root


def test_the_check_reads_every_variant(small: Path) -> None:
    library = load_library(with_semantics(write(small)))
    assert check_library(library, date(2026, 11, 22)) == []
    write(small, source=REPORT.replace("greaterOrEqual", "atLeast"))
    (problem,) = check_library(library, date(2026, 11, 22))
    assert (problem.path, problem.line, problem.code) == ("exports/big.json", 3, "unknown-operator")
    write(small, VARIANT.replace("stance:", "stanse:"))
    assert [found.code for found in check_library(library, date(2026, 11, 22))] == ["unknown-key"]


def test_a_difference_is_accepted_until_its_day(small: Path) -> None:
    library = load_library(with_semantics(write(small)))
    assert check_library(library, date(2027, 3, 31)) == []
    (problem,) = check_library(library, date(2027, 4, 1))
    assert (problem.code, problem.line, problem.severity) == ("difference-expired", 9, "error")
    assert "accepted until 2027-03-31" in problem.message
