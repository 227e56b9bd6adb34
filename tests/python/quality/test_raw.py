"""Declared and landed names are matched as the staging macros match them."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Template

from plumbline.project.settings import ModelVariables
from plumbline.project.yaml_lines import read_document
from plumbline.quality.raw import DeclaredTable, spelling, unmapped_columns
from support.dbt import ROOT

TABLE = DeclaredTable(
    system="salesforce",
    name="opportunity_line_item",
    needs_rows=False,
    required_columns=["id"],
    also={"_fivetran_synced": ["_airbyte_extracted_at"]},
    columns=["id", "product_2_id", "amount", "_fivetran_synced"],
)


@pytest.mark.parametrize("name", ["product_2_id", "Product2Id", "product2id", "PRODUCT_2_ID"])
def test_spellings_of_one_name_are_equal(name: str) -> None:
    assert spelling(name) == spelling("product_2_id")


def test_a_loaders_own_column_is_not_the_sources() -> None:
    assert spelling("_fivetran_deleted") != spelling("fivetran_deleted")


def test_unmapped_columns_are_those_that_no_declared_one_is_read_from() -> None:
    landed = ["Id", "Product2Id", "Betrag__c", "amount", "_airbyte_extracted_at", "Custom__c"]
    assert unmapped_columns(TABLE, landed, ModelVariables()) == ["Betrag__c", "Custom__c"]
    renamed = ModelVariables(raw_column_names={"salesforce": {"opportunity_line_item": {"amount": "betrag__c"}}})
    assert unmapped_columns(TABLE, landed, renamed) == ["Custom__c", "amount"]


def test_a_custom_column_is_read_too() -> None:
    table = DeclaredTable("salesforce", "account", False, ["id"], columns=["id"])
    custom = {"column": "Health__c", "name": "health", "type": "string", "description": "How healthy it is."}
    variables = ModelVariables.model_validate({"custom_columns": {"salesforce": {"account": [custom]}}})
    assert unmapped_columns(table, ["Id", "health_c", "Other__c"], variables) == ["Other__c"]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "models" / "staging").glob("*/*__sources.yml")), ids=lambda path: path.stem
)
def test_sources_stand_in_the_raw_database_or_else_in_the_one_that_is_built(path: Path) -> None:
    [source] = read_document(path, with_lines=False).content["sources"]
    template, target = Template(source["database"]), SimpleNamespace(database="marts")
    assert template.render(var={"raw_database": "lake"}.get, target=target) == "lake"
    assert template.render(var={"raw_database": ""}.get, target=target) == "marts"
