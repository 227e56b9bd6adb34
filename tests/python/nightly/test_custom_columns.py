"""Columns of a user's own reach marts of their own, one row per entity, from the record that speaks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import BuiltProject

# Raw ids come with 15 or 18 characters; the first 15 tell records apart.
OPPORTUNITIES = """
with expected as (
    select opportunities.opportunity_key, landed.fiscal, landed.fiscal_quarter, landed.is_private
    from built.main.fct_opportunities as opportunities
    inner join raw.salesforce.opportunity as landed on left(landed.id, 15) = left(opportunities.opportunity_id, 15)
)
select count(*), count(distinct fields.opportunity_key), count(fields.fiscal_label),
    count(*) filter (where not exists (
        select 1 from expected
        where expected.opportunity_key = fields.opportunity_key
            and expected.fiscal is not distinct from fields.fiscal_label
            and expected.fiscal_quarter is not distinct from fields.fiscal_quarter
            and expected.is_private is not distinct from fields.is_private))
from built.main.dim_opportunity_custom_fields as fields
"""
ACCOUNTS = """
select count(*), count(created_by), count(*) filter (where created_by not in (
    select landed.created_by_id
    from built.main.map_accounts as records
    inner join raw.salesforce.account as landed
        on left(landed.id, 15) = left(records.source_record_id, 15)
    where records.account_key = fields.account_key))
from built.main.dim_account_custom_fields as fields
"""
PEOPLE = """
select count(*), count(own_currency), count(*) filter (where own_currency not in (
    select landed.currency_iso_code
    from built.main.map_people as records
    inner join (
        select id, currency_iso_code from raw.salesforce.contact union all
        select id, currency_iso_code from raw.salesforce.lead
    ) as landed
        on left(landed.id, 15) = left(records.source_record_id, 15)
    where records.person_key = fields.person_key))
from built.main.dim_person_custom_fields as fields
"""


def test_each_deal_has_its_own_values(built_project: BuiltProject) -> None:
    with built_project.connect() as connection:
        (deals,) = connection.execute("select count(*) from built.main.fct_opportunities").fetchone() or (0,)
        rows, keys, filled, wrong = connection.execute(OPPORTUNITIES).fetchone() or (0, 0, 0, 0)
    assert rows == keys == deals > 100
    assert filled > 100 and wrong == 0


@pytest.mark.parametrize(
    ("query", "entities"),
    [
        (ACCOUNTS, "select count(*) from built.main.dim_accounts where has_crm_record"),
        (PEOPLE, "select count(distinct person_key) from built.main.map_people where source_system = 'salesforce'"),
    ],
)
def test_an_account_or_person_has_the_values_of_one_of_its_records(
    built_project: BuiltProject, query: str, entities: str
) -> None:
    with built_project.connect() as connection:
        (expected,) = connection.execute(entities).fetchone() or (0,)
        rows, filled, wrong = connection.execute(query).fetchone() or (0, 0, 0)
    assert (rows, wrong) == (expected, 0)
    assert filled > 40


def test_they_are_typed_described_and_published(built_project: BuiltProject) -> None:
    with built_project.connect() as connection:
        connection.execute(f"attach '{built_project.published / 'marts.duckdb'}' as published (read_only)")
        columns = connection.execute(
            "select column_name, data_type, comment from duckdb_columns() where database_name = 'published' "
            "and table_name = 'dim_opportunity_custom_fields' order by column_index"
        ).fetchall()
    assert columns == [
        ("opportunity_key", "BIGINT", "Key of the opportunity."),
        ("fiscal_label", "VARCHAR", "Fiscal year and quarter."),
        ("fiscal_quarter", "BIGINT", "Fiscal quarter of the deal."),
        ("is_private", "BOOLEAN", "Only its owner sees it."),
    ]
