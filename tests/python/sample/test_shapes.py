"""Raw tables have the columns that loaders land, and their keys join."""

from __future__ import annotations

import duckdb
import pytest

from plumbline.sample.ids import to_18
from plumbline.sample.settings import FREE_MAIL
from plumbline.sample.shapes import RAW, parse_columns

EXPECTED = {
    "salesforce": """
        account contact lead opportunity opportunity_history opportunity_field_history opportunity_stage
        opportunity_contact_role opportunity_line_item product_2 campaign campaign_member
        campaign_member_status task event event_relation user user_role lead_history account_history
        currency_type dated_conversion_rate
    """,
    "marketo": """
        lead activity_add_to_sfdc_campaign activity_change_data_value activity_change_revenue_stage
        activity_change_status_in_progression activity_click_email activity_convert_lead
        activity_delete_lead activity_email_bounced activity_email_delivered activity_fill_out_form
        activity_merge_leads activity_new_lead activity_open_email activity_send_email
        activity_sync_lead_to_sfdc activity_unsubscribe_email activity_visit_webpage activity_type
        program program_membership campaign email_template_history
    """,
    "gong": """
        call call_participant call_participant_integration call_context_integration call_speaker
        call_tracker tracker call_topic call_interaction transcript scorecard scorecard_question
        answered_scorecard answered_scorecard_answer users
    """,
}
LOOKUPS = (
    # table, column, table it leads to
    ("salesforce.contact", "account_id", "salesforce.account"),
    ("salesforce.opportunity", "account_id", "salesforce.account"),
    ("salesforce.opportunity", "owner_id", "salesforce.user"),
    ("salesforce.opportunity_history", "opportunity_id", "salesforce.opportunity"),
    ("salesforce.opportunity_field_history", "opportunity_id", "salesforce.opportunity"),
    ("salesforce.opportunity_contact_role", "contact_id", "salesforce.contact"),
    ("salesforce.opportunity_line_item", "product_2_id", "salesforce.product_2"),
    ("salesforce.lead", "converted_contact_id", "salesforce.contact"),
    ("salesforce.lead", "converted_opportunity_id", "salesforce.opportunity"),
    ("salesforce.campaign_member", "campaign_id", "salesforce.campaign"),
    ("salesforce.event_relation", "event_id", "salesforce.event"),
    ("salesforce.user", "user_role_id", "salesforce.user_role"),
    ("marketo.lead", "sfdc_contact_id", "salesforce.contact"),
    ("marketo.lead", "sfdc_lead_id", "salesforce.lead"),
    ("marketo.program", "sfdc_id", "salesforce.campaign"),
    ("gong.call_speaker", "call_id", "gong.call"),
    ("gong.call_participant", "user_id", "gong.users"),
    ("gong.call_tracker", "call_id", "gong.call"),
)


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def test_all_tables_are_there_with_rows_and_load_times(sample: duckdb.DuckDBPyConnection) -> None:
    wanted = {f"{system}.{table}" for system, tables in EXPECTED.items() for table in tables.split()}
    assert set(RAW) == wanted
    for name in sorted(wanted):
        schema, table = name.split(".")
        assert _count(sample, f'select count(_fivetran_synced) from raw."{schema}"."{table}"') > 0, name


def test_columns_are_landed_in_order(sample: duckdb.DuckDBPyConnection) -> None:
    for name, columns in RAW.items():
        schema, table = name.split(".")
        found = sample.execute(f'describe raw."{schema}"."{table}"').fetchall()
        assert [column[0] for column in found] == list(columns)


def test_delete_flags_follow_the_loader() -> None:
    for table in ("user", "user_role", "opportunity_stage", "currency_type", "dated_conversion_rate"):
        assert "_fivetran_deleted" in RAW[f"salesforce.{table}"]
        assert "is_deleted" not in RAW[f"salesforce.{table}"]
    for table in ("account", "lead", "opportunity", "task", "event"):
        assert "is_deleted" in RAW[f"salesforce.{table}"]
    assert RAW["gong.call"]["_fivetran_deleted"] == "bool"


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown type"):
        parse_columns("id amount:money")


@pytest.mark.parametrize(("table", "column", "target"), LOOKUPS)
def test_lookups_lead_somewhere(sample: duckdb.DuckDBPyConnection, table: str, column: str, target: str) -> None:
    schema, name = table.split(".")
    other_schema, other = target.split(".")
    lost = f"""
        select count(*) from raw."{schema}"."{name}" as rows
        where {column} is not null and left({column}, 15) not in (
            select left(id, 15) from raw."{other_schema}"."{other}"
        )
    """
    assert _count(sample, lost) == 0
    assert _count(sample, f'select count({column}) from raw."{schema}"."{name}"') > 0


def test_ids_come_in_both_forms_with_true_checksums(sample: duckdb.DuckDBPyConnection) -> None:
    ids = [row[0] for row in sample.execute("select id from raw.salesforce.contact").fetchall()]
    assert {len(record_id) for record_id in ids} == {15, 18}
    assert all(to_18(record_id[:15]) == record_id for record_id in ids if len(record_id) == 18)


def test_companies_end_in_example_and_free_mail_is_known(sample: duckdb.DuckDBPyConnection) -> None:
    emails = sample.execute("""
        select email from raw.salesforce.contact union select email from raw.salesforce.lead
        union select email from raw.marketo.lead union select email_address from raw.gong.call_participant
        union select email from raw.salesforce.user
    """).fetchall()
    domains = {str(email[0]).strip().lower().split("@")[1] for email in emails if email[0]}
    assert all(domain.endswith(".example") or domain in FREE_MAIL for domain in domains)
    assert domains & set(FREE_MAIL)


def test_every_touch_row_is_either_a_touch_or_excluded(sample: duckdb.DuckDBPyConnection) -> None:
    tables = ["salesforce.task", "salesforce.event", "salesforce.campaign_member", "gong.call"]
    tables += [f"marketo.activity_{name}" for name in (
        "send_email", "email_delivered", "email_bounced", "open_email", "click_email", "unsubscribe_email",
        "fill_out_form", "visit_webpage", "change_status_in_progression",
    )]  # fmt: skip
    for name in tables:
        system, table = name.split(".")
        query = f"""
            with rows as (select distinct left(cast(id as varchar), 40) as id from raw.{name} where id is not null),
            known as (
                select source_record_id as id from truth.truth_touches
                where source_system = '{system}' and source_table = '{table}' union all
                select source_record_id from truth.truth_exclusions
                where source_system = '{system}' and source_table = '{table}'
            )
            select (select count(*) from rows), (select count(*) from known),
                (select count(distinct id) from known),
                (select count(*) from rows join known using (id))
        """
        row = sample.execute(query).fetchone()
        assert row is not None
        assert len(set(row)) == 1, (name, row)


def test_rows_are_landed_twice_and_in_old_versions(sample: duckdb.DuckDBPyConnection) -> None:
    kinds = dict(sample.execute("select kind, count(*) from truth.truth_duplicates group by kind").fetchall())
    assert set(kinds) == {"exact", "reloaded", "older_version"}
    query = "select count(*) - count(distinct left(id, 15)) from raw.salesforce.lead"
    assert _count(sample, query) > 0


def test_a_score_that_sales_has_reasons_to_distrust(sample: duckdb.DuckDBPyConnection) -> None:
    query = """
        with scores as (
            select company_id, avg(lead_score) as score from raw.marketo.lead as leads
            join truth.truth_person_records on source_system = 'marketo'
                and source_record_id = cast(id as varchar)
            group by company_id
        )
        select corr(score, case when outcome = 'won' then 1 else 0 end),
            corr(need, case when outcome = 'won' then 1 else 0 end)
        from truth.truth_opportunities join scores using (company_id)
        where opportunity_type = 'New Business' and outcome <> 'open'
    """
    row = sample.execute(query).fetchone()
    assert row is not None
    by_score, by_need = row
    assert abs(by_score) < 0.45 * by_need + 0.12
