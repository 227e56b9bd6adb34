"""The project holds its own conventions, and the page of the conventions is what the checks say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from plumbline.definitions.deciding import deciding_values
from plumbline.definitions.loading import load_library
from plumbline.quality.checks.catalogue import CHECKS
from plumbline.quality.checks.model import Check, Project
from plumbline.quality.checks.page import PAGE, conventions_page
from plumbline.quality.checks.privacy import published_texts
from plumbline.quality.checks.run import published_sample, run_checks
from support.dbt import ROOT

if TYPE_CHECKING:
    from conftest import BuiltProject


@pytest.fixture(scope="module")
def built(built_project: BuiltProject) -> Project:
    """This project as the night built it from the sample company, with its real columns and its published files."""
    manifest = json.loads((built_project.report.outcome.target_path / "manifest.json").read_text(encoding="utf-8"))
    published = published_sample(built_project.published, built_project.data.truth)
    return Project(ROOT, manifest, deciding_values(load_library(ROOT)), published)


@pytest.mark.parametrize("check", CHECKS, ids=[check.code for check in CHECKS])
def test_the_project_holds_its_conventions(built: Project, check: Check) -> None:
    outcome = run_checks(built, [check])
    assert outcome.checked == [check.code]
    assert [f"{found.where}: {found.what}" for found in outcome.violations] == []


def test_there_is_something_to_check(built: Project) -> None:
    for layer in ("staging", "intermediate", "marts", "utilities"):
        assert built.in_layer(layer), layer
    assert sum(" over (" in node["compiled_code"] for node in built.models) > 50
    assert len(built.manifest["unit_tests"]) > 50
    assert {"is_open", "is_active_customer"} <= {doc["name"] for doc in built.manifest["docs"].values()}
    assert built.term_values and built.published is not None


def test_the_planted_values_are_in_the_raw_tables_and_the_published_texts_are_read(
    built: Project, built_project: BuiltProject
) -> None:
    assert built.published is not None and len(built.published.canaries) >= 10
    with built_project.connect() as connection:
        raw = " ".join(
            str(row)
            for table in ("salesforce.contact", "salesforce.lead", "marketo.lead", "gong.transcript")
            for row in connection.execute(f"select * from raw.{table}").fetchall()
        )
    assert sum(value in raw for value in built.published.canaries) >= 10
    places = [where for where, text in published_texts(built.published.folder) if text]
    assert sum(place.startswith("marts.duckdb") for place in places) > 50
    assert sum(".parquet" in place for place in places) > 50 and "manifest.json" in places


def test_no_planted_value_stands_in_the_logs_of_the_night(built: Project, built_project: BuiltProject) -> None:
    assert built.published is not None
    logs = [path for path in built_project.report.outcome.target_path.rglob("*") if path.suffix in (".json", ".log")]
    assert logs
    for path in logs:
        text = path.read_text(encoding="utf-8", errors="replace")
        assert [number for number, value in enumerate(built.published.canaries) if value in text] == [], path.name


def test_codes_are_unique_and_in_order() -> None:
    codes = [check.code for check in CHECKS]
    assert codes == sorted(set(codes))
    assert all(check.rationale and check.wrong and check.right for check in CHECKS)


def test_the_page_says_what_the_checks_say() -> None:
    assert (ROOT / PAGE).read_text(encoding="utf-8") == conventions_page(), (
        "plumbline check --page > docs/conventions.md"
    )
