"""An export becomes a draft: its tool by its shape, its fields by what is known of them, its term by proof."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plumbline.definitions import Library, load_library
from plumbline.definitions.drafting.drafts import Draft, Wish, chosen, drafts, placed, unsaid
from plumbline.definitions.drafting.exports import read_export
from plumbline.definitions.drafting.fields import SaidError, said_counts, said_fields
from plumbline.definitions.drafting.files import variant_text
from plumbline.definitions.importing import GovernedVariant, load_variants, source_hash
from plumbline.definitions.problems import DefinitionsError
from plumbline.definitions.schemas import Criterion

from ..importing.people import SEMANTICS, activity, problem_of
from ..importing.test_variants import VARIANT, write
from ..small_project import ROOT, TERM, write_definitions

DAY = date(2025, 8, 1)
OPEN = TERM.replace("term: big", "term: open").replace("name: Big deal", "name: Open deal")
OPEN = OPEN[: OPEN.index("  - version: 1")] + OPEN[OPEN.index("  - version: 3") :].replace("version: 3", "version: 1")


def report(path: Path, *filters: tuple[str, str, str], **metadata: Any) -> Path:
    """A Salesforce report of these filters."""
    items = [{"column": column, "operator": how, "value": value} for column, how, value in filters]
    path.write_text(json.dumps({"reportMetadata": {"name": "Mine", "reportFilters": items, **metadata}}, indent=1))
    return path


def drawn(
    root: Path,
    path: Path,
    variants: Sequence[GovernedVariant] = (),
    fields: Sequence[str] = (),
    values: Sequence[str] = (),
    implicit: dict[str, Criterion] | None = None,
    dialect: str | None = None,
    counts: Sequence[str] = (),
) -> list[Draft]:
    library = load_library(root)
    wish = Wish("sales", said_fields(fields, values), implicit or {}, dialect, DAY, said_counts(counts))
    terms = list(library.terms.values())
    return drafts(library, variants, SEMANTICS, read_export(path), wish, terms, DAY)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.json", '{"reportMetadata": {"reportFilters": []}}', "salesforce_report"),
        ("a.txt", '\ufeff {"reportFilters": []}', "salesforce_report"),
        ("a.json", '{"result": [{"rules": {"filters": []}}]}', "marketo_smart_list"),
        ("a.json", '{"filterMatchType": "all", "filters": []}', "marketo_smart_list"),
        ("a.sql", "select * from deals where size > 1", "sql"),
    ],
)
def test_the_shape_tells_the_tool(tmp_path: Path, name: str, text: str, kind: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_export(tmp_path / name).kind == kind


@pytest.mark.parametrize(
    ("name", "text", "code", "says"),
    [
        ("a.json", '{"leads": [], "total": 3}', "unknown-export", "`leads`, `total`"),
        ("a.json", "[1]", "unknown-export", "a list"),
        ("a.csv", "id,size\n1,2\n", "not-a-filter", "records, not a filter"),
        ("a.json", "{", "unreadable-json", "not JSON"),
    ],
)
def test_what_is_no_filter_is_refused(tmp_path: Path, name: str, text: str, code: str, says: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionsError) as raised:
        read_export(tmp_path / name)
    assert problem_of(raised).code == code
    assert says in problem_of(raised).message and problem_of(raised).mending


def test_a_field_is_known_by_its_name_or_label_with_its_values(small: Path) -> None:
    path = report(small / "r.json", ("SIZE__c", "greaterOrEqual", "25"), ("Stage", "equals", "Open"))
    (draft,) = drawn(small, path)
    assert draft.proof.said.sql == "size is not null and size >= 25 and stage is not null and stage = 'open'"
    assert (draft.variant.term, draft.proof.verdict.verdict) == ("big", "overlapping")


def test_a_field_that_nobody_knows_is_named_with_the_way_to_say_it(small: Path) -> None:
    path = report(small / "r.json", ("SIZE", "greaterOrEqual", "25"), ("Deal_Seats_Count", "equals", "5"))
    with pytest.raises(DefinitionsError) as raised:
        drawn(small, path)
    problem = problem_of(raised)
    assert (problem.code, problem.line, problem.path) == ("unknown-field", 10, path.as_posix())
    assert "--field 'Deal_Seats_Count=seats'" in problem.mending
    (draft,) = drawn(small, path, fields=["Deal_Seats_Count=seats"])
    assert draft.proof.said.sql.endswith("seats is not null and seats = 5")


def test_an_operator_that_is_not_listed_is_refused_by_name(small: Path) -> None:
    with pytest.raises(DefinitionsError) as raised:
        drawn(small, report(small / "r.json", ("SIZE", "about", "25")))
    assert problem_of(raised).code == "unknown-operator" and "`about`" in problem_of(raised).message


def test_fields_values_and_factors_can_be_said() -> None:
    found = said_fields(["STAGE NAME=stage", "P=size*0.01"], ["STAGE NAME:Closed Won=won"])
    assert found["STAGE NAME"].values == {"Closed Won": "won"} and str(found["P"].times) == "0.01"
    for fields, values in ((["STAGE"], []), (["P=size*0"], []), ([], ["STAGE:Won=won"])):
        with pytest.raises(SaidError):
            said_fields(fields, values)


def test_what_a_filter_on_activities_counts_can_be_said(small: Path) -> None:
    """With its time frame and constraints: what is said of seven days says nothing of thirty."""
    path = small / "list.json"
    filters = [
        activity(
            "Visited Web Page", ("Min. Number of Times", "at least", ["3"]), ("Date of Activity", "in past", ["7 days"])
        ),
        activity("Filled Out Form", ("Form Name", "is", ["Trial", "Demo"])),
    ]
    path.write_text(json.dumps({"filterMatchType": "all", "triggers": [], "filters": filters}, indent=1))
    with pytest.raises(DefinitionsError) as raised:
        drawn(small, path)
    [visits, forms] = raised.value.problems
    assert visits.code == forms.code == "unknown-count"
    assert "--count 'Visited Web Page; in past 7 days=COLUMN'" in visits.mending and "`seats`" in visits.mending
    assert "--count 'Filled Out Form; Form Name is Trial|Demo=COLUMN'" in forms.mending
    said = ["Visited Web Page; in past 7 days=seats", "Filled Out Form; Form Name is Demo|Trial=size"]
    (draft,) = drawn(small, path, counts=said)
    assert draft.proof.said.sql == "seats is not null and seats >= 3 and size is not null and size >= 1"
    assert [(count.within, count.where) for count in draft.variant.counts] == [
        ("7 days", {}), (None, {"Form Name": ["Demo", "Trial"]})
    ]  # fmt: skip
    with pytest.raises(DefinitionsError, match="unknown-count"):
        drawn(small, path, counts=["Visited Web Page; in past 30 days=seats", said[1]])
    for wrong in ("Visited Web Page", "; in past 7 days=seats", "A; in past seven days=seats", "A; of B=seats"):
        with pytest.raises(SaidError, match="--count"):
            drawn(small, path, counts=[wrong])


def test_other_variants_of_the_tool_teach_fields_and_what_it_hides(small: Path) -> None:
    hidden = "implicit:\n  kept: {sql: is_gone IS NOT TRUE, why: the bin is not shown}\n"
    write(small, VARIANT + hidden)
    variants = list(load_variants(load_library(small)).values())
    (draft,) = drawn(small, report(small / "r.json", ("AMOUNT", "greaterOrEqual", "25,000")), variants)
    assert draft.proof.said.sql == "size is not null and size >= 25 and not coalesce(is_gone, false)"
    assert draft.variant.fields.keys() == {"AMOUNT"}
    assert list(draft.variant.implicit) == ["kept"]


def test_what_the_export_leaves_out_makes_it_partial(small: Path) -> None:
    (draft,) = drawn(small, report(small / "r.json", ("SIZE", "greaterOrEqual", "25"), topRows={"rowLimit": 5}))
    assert draft.proof.said.missing == ("The report's row limit of 5 is not in the condition.",)


def test_the_nearest_term_is_found_by_proof(small: Path) -> None:
    write_definitions(small, OPEN)
    path = small / "q.sql"
    path.write_text("select * from deals where stage = 'open'", encoding="utf-8")
    found = drawn(small, path)
    assert [(draft.variant.term, draft.proof.verdict.verdict) for draft in found] == [
        ("open", "equivalent"), ("big", "overlapping")
    ]  # fmt: skip
    assert chosen(found) is found[0]
    path.write_text("is_gone IS NOT TRUE AND size >= 20 AND seats > 1", encoding="utf-8")
    found = drawn(small, path)
    assert [(draft.variant.term, draft.apart) for draft in found] == [("big", 1), ("open", 4)]
    path.write_text("seats > 1", encoding="utf-8")
    assert chosen(drawn(small, path)) is None  # it speaks of what no term speaks of


@pytest.fixture(scope="module")
def company() -> Library:
    """The project's own definitions."""
    return load_library(ROOT)


def test_terms_are_found_for_the_exports_of_the_sample_company(company: Library) -> None:
    """The variant itself is not known; what is asked for is told where the export cannot show it."""
    variants = load_variants(company)
    for name, terms, taken in (("mql_sales", ("mql", "inquiry"), "mql"), ("sal_marketing", ("sal", "sql_lead"), None)):
        variant = variants[name].variant
        others = [found for other, found in variants.items() if other != name]
        wish = Wish(variant.team, variant.fields, variant.implicit, None, DAY)
        asked = [company.terms[word] for word in terms]
        found = chosen(
            drafts(company, others, SEMANTICS, read_export(variants[name].source), wish, asked, date(2026, 6, 30))
        )
        assert (None if found is None else found.variant.term) == taken, name


def test_what_is_written_is_read_as_the_same_variant(small: Path) -> None:
    odd = report(small / 'odd "name".json', ("Größe: y", "greaterOrEqual", "5"), ("Stage", "equals", "Open"))
    (draft,) = drawn(
        small,
        odd,
        fields=["Größe: y=size*0.001", "Stage=stage"],
        values=["Stage:Open=open", "Stage:no=lost"],
        implicit={"kept": Criterion(sql="is_gone IS NOT TRUE", why='it\'s "hidden"')},
    )
    file = "definitions/exports/sales/odd.json"
    agreed = {"stance": "accepted_difference", "expect": "overlapping", "expires": "2027-01-31", "why": "it: differs"}
    variant = placed(draft, file, source_hash(odd), agreed)
    (small / file).parent.mkdir(parents=True)
    (small / file).write_bytes(odd.read_bytes())
    (small / "definitions" / "variants").mkdir()
    (small / "definitions" / "variants" / "big_sales.yml").write_text(variant_text(variant), encoding="utf-8")
    assert load_variants(load_library(small))["big_sales"].variant == variant


def test_deleted_records_are_asked_for_where_a_tool_may_hide_them(small: Path, company: Library) -> None:
    path = report(
        small / "r.json",
        ("Deleted", "equals", "False"),
        ("AMOUNT", "greaterOrEqual", "5"),
        ("FORECAST_CATEGORY", "equals", "Best Case"),
    )
    for implicit, count in (({}, 1), ({"kept": Criterion(sql="is_deleted IS NOT TRUE", why="hidden")}, 0)):
        wish = Wish("sales", {}, implicit, None, DAY)
        (draft,) = drafts(company, [], SEMANTICS, read_export(path), wish, [company.terms["open"]], DAY)
        assert len(unsaid(draft)) == count
        assert "forecast_category = 'best_case'" in draft.proof.said.sql
