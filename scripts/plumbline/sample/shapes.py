"""Columns of every raw table that the sample writes, in the shapes that Fivetran lands.

One line of text per table: column names, each with `:type` unless it is text. `ts` is a timestamp (UTC),
`json` is text that holds JSON. Columns of the real tables that nothing reads are left out.
"""

from __future__ import annotations

import pyarrow as pa

_MODIFIED = "created_by_id created_date:ts last_modified_by_id last_modified_date:ts system_modstamp:ts"
_SYNCED = "_fivetran_synced:ts"
_DELETED = "_fivetran_deleted:bool _fivetran_synced:ts"

SALESFORCE = {
    "account": f"""id name type industry website phone parent_id master_record_id owner_id
        number_of_employees:int annual_revenue:float billing_city billing_country billing_country_code
        account_source rating currency_iso_code is_person_account:bool is_deleted:bool last_activity_date:ts {_MODIFIED}
        _fivetran_active:bool {_SYNCED}""",
    "contact": f"""id account_id master_record_id owner_id first_name last_name name email phone
        mobile_phone title department lead_source mailing_country mailing_country_code
        has_opted_out_of_email:bool do_not_call:bool is_email_bounced:bool currency_iso_code
        is_deleted:bool last_activity_date:ts {_MODIFIED} _fivetran_active:bool {_SYNCED}""",
    "lead": f"""id owner_id first_name last_name name company email phone title status lead_source
        rejection_reason_c industry website country country_code number_of_employees:int annual_revenue
        is_converted:bool converted_date:ts converted_account_id converted_contact_id
        converted_opportunity_id master_record_id has_opted_out_of_email:bool currency_iso_code
        is_deleted:bool last_activity_date:ts {_MODIFIED} _fivetran_active:bool {_SYNCED}""",
    "opportunity": f"""id account_id owner_id campaign_id contact_id name type stage_name lead_source
        next_step forecast_category forecast_category_name amount:float probability:float
        expected_revenue:numeric close_date:ts is_closed:bool is_won:bool has_opportunity_line_item:bool
        push_count:int last_stage_change_date:ts currency_iso_code is_deleted:bool is_private:bool fiscal
        fiscal_quarter:int fiscal_year:int {_MODIFIED} _fivetran_active:bool {_SYNCED}""",
    "opportunity_history": f"""id opportunity_id stage_name amount:float expected_revenue:float
        close_date:date probability:float forecast_category prev_amount:float prev_close_date:date
        created_by_id created_date:ts system_modstamp:ts is_deleted:bool currency_iso_code {_SYNCED}""",
    "opportunity_field_history": f"""id opportunity_id field data_type old_value new_value created_by_id
        created_date:ts is_deleted:bool {_SYNCED}""",
    "lead_history": f"""id lead_id field data_type old_value new_value created_by_id created_date:ts
        is_deleted:bool {_SYNCED}""",
    "account_history": f"""id account_id field data_type old_value new_value created_by_id created_date:ts
        is_deleted:bool {_SYNCED}""",
    "opportunity_stage": f"""id api_name master_label is_active:bool is_closed:bool is_won:bool
        default_probability:float forecast_category forecast_category_name sort_order:int description
        {_MODIFIED} {_DELETED}""",
    "opportunity_contact_role": f"""id opportunity_id contact_id role is_primary:bool currency_iso_code
        is_deleted:bool {_MODIFIED} {_SYNCED}""",
    "opportunity_line_item": f"""id opportunity_id product_2_id pricebook_entry_id product_code name
        quantity:float list_price:float unit_price:float discount:float total_price:float service_date
        sort_order:int currency_iso_code is_deleted:bool {_MODIFIED} _fivetran_active:bool {_SYNCED}""",
    "product_2": f"""id name product_code family description is_active:bool is_archived:bool
        is_deleted:bool stock_keeping_unit {_MODIFIED} _fivetran_active:bool {_SYNCED}""",
    "campaign": f"""id name type status parent_id owner_id is_active:bool start_date:date end_date:date
        budgeted_cost:float actual_cost:float expected_revenue:float number_sent:float currency_iso_code
        is_deleted:bool {_MODIFIED} {_SYNCED}""",
    "campaign_member": f"""id campaign_id lead_id contact_id lead_or_contact_id lead_or_contact_owner_id
        account_id status has_responded:bool first_responded_date:date type name first_name last_name
        title email company_or_account country lead_source currency_iso_code is_deleted:bool {_MODIFIED}
        {_SYNCED}""",
    "campaign_member_status": f"""id campaign_id label has_responded:bool is_default:bool sort_order:int
        is_deleted:bool {_MODIFIED} {_SYNCED}""",
    "task": f"""id account_id owner_id who_id what_id subject type task_subtype status priority
        description call_type call_disposition call_object call_duration_in_seconds:int activity_date:ts
        completed_date_time:ts is_closed:bool is_high_priority:bool is_archived:bool is_deleted:bool
        {_MODIFIED} _fivetran_active:bool {_SYNCED}""",
    "event": f"""id account_id owner_id who_id what_id subject type event_subtype location description
        activity_date:ts activity_date_time:ts start_date_time:ts end_date_time:ts duration_in_minutes:int
        group_event_type is_all_day_event:bool is_group_event:bool is_child:bool is_archived:bool
        is_deleted:bool {_MODIFIED}
        _fivetran_active:bool {_SYNCED}""",
    "event_relation": f"""id event_id relation_id status response responded_date:ts is_deleted:bool
        {_MODIFIED} {_SYNCED}""",
    "user": """id name first_name last_name email username alias title department user_role_id manager_id
        user_type is_active:bool time_zone_sid_key country_code created_date:ts last_modified_date:ts
        last_login_date:ts system_modstamp:ts _fivetran_active:bool _fivetran_deleted:bool
        _fivetran_synced:ts""",
    "user_role": """id name developer_name parent_role_id _fivetran_active:bool _fivetran_deleted:bool
        _fivetran_synced:ts""",
    "currency_type": f"""id iso_code conversion_rate:float decimal_places:int is_active:bool
        is_corporate:bool {_MODIFIED} {_DELETED}""",
    "dated_conversion_rate": f"""id iso_code start_date:date next_start_date:date conversion_rate:float
        {_MODIFIED} {_DELETED}""",
}

_ACTIVITY = (
    "activity_date:ts activity_type_id:int campaign_id:int primary_attribute_value primary_attribute_value_id:int"
)
# The two halves of the published shapes: some activity tables have text ids, others numbers.
_TEXT_ACTIVITY = f"id lead_id:int {_ACTIVITY} {_SYNCED}"
_NUMBER_ACTIVITY = f"id:int lead_id:int {_ACTIVITY} campaign {_SYNCED}"
_MAIL = "campaign_run_id:int choice_number:int email_template_id:int step_id:int"
_DEVICE = "device is_mobile_device:bool platform user_agent test_variant:int"
_WEB = "client_ip_address query_parameters referrer_url user_agent"

MARKETO = {
    "lead": f"""id:int email first_name last_name phone company inferred_company title industry
        number_of_employees country country_code lead_source lead_status lead_score:int
        unsubscribed:bool email_invalid:bool do_not_call:bool sfdc_account_id sfdc_contact_id sfdc_lead_id
        sfdc_lead_owner_id sfdc_type original_source_type original_source_info created_at:ts updated_at:ts
        {_SYNCED}""",
    "activity_add_to_sfdc_campaign": f"{_NUMBER_ACTIVITY} status",
    "activity_change_data_value": f"""{_TEXT_ACTIVITY} api_method_name modifying_user new_value old_value
        reason request_id source""",
    "activity_change_revenue_stage": f"""{_NUMBER_ACTIVITY} new_stage new_stage_id:int old_stage
        old_stage_id:int reason""",
    "activity_change_status_in_progression": f"""{_NUMBER_ACTIVITY} acquired_by:bool new_status
        new_status_id:int old_status old_status_id:int reason success:bool program_member_id:int
        reached_success_date:ts status_reason""",
    "activity_click_email": f"{_TEXT_ACTIVITY} {_MAIL} {_DEVICE} link link_id",
    "activity_convert_lead": _NUMBER_ACTIVITY,
    "activity_delete_lead": f"{_TEXT_ACTIVITY} campaign",
    "activity_email_bounced": f"""{_TEXT_ACTIVITY} {_MAIL} category:int subcategory:int details email
        test_variant:int""",
    "activity_email_delivered": f"{_TEXT_ACTIVITY} {_MAIL} test_variant:int",
    "activity_fill_out_form": f"""{_NUMBER_ACTIVITY} {_WEB} form_fields program_name webpage_id:int
        action_result""",
    "activity_merge_leads": f"""{_TEXT_ACTIVITY} master_updated:bool merge_ids merge_source
        merged_in_sales:bool""",
    "activity_new_lead": f"""id:int lead_id:int {_ACTIVITY} {_SYNCED} created_date:date form_name
        list_name lead_source sfdc_type source_type""",
    "activity_open_email": f"{_TEXT_ACTIVITY} {_MAIL} {_DEVICE}",
    "activity_send_email": f"{_TEXT_ACTIVITY} {_MAIL} action_result",
    "activity_sync_lead_to_sfdc": _NUMBER_ACTIVITY,
    "activity_unsubscribe_email": f"""{_TEXT_ACTIVITY} campaign_run_id:int email_template_id:int {_WEB}
        form_fields test_variant:int webform_id:int webpage_id:int""",
    "activity_visit_webpage": f"""{_NUMBER_ACTIVITY} {_WEB} program_name program_type search_engine
        search_query webpage_url action_result""",
    "activity_type": f"id:int name description {_SYNCED}",
    "program": f"""id:int name channel type status description url workspace sfdc_id sfdc_name
        start_date:ts end_date:ts created_at:ts updated_at:ts {_DELETED}""",
    "program_membership": f"""id:int program_id:int acquired_by:bool is_exhausted:bool membership_date:ts
        nurture_cadence progression_status reached_success:bool reached_success_date:ts stream {_DELETED}""",
    "campaign": f"""id:int name description type active:bool status program_id:int workspace_name
        is_requestable:bool is_system:bool created_at:ts updated_at:ts {_DELETED}""",
    "email_template_history": f"""id:int version:int name subject status description from_email from_name
        reply_email program_id:int operational:bool text_only:bool web_view:bool workspace url
        created_at:ts updated_at:ts {_SYNCED}""",
}

GONG = {
    "call": f"""id workspace_id primary_user_id calendar_event_id client_unique_id company_question_count
        non_company_question_count custom_data direction duration:int is_private:bool languages media
        meeting_url purpose scheduled scope sdr_disposition started systems title url {_DELETED}""",
    "call_participant": f"""id call_id user_id affiliation email_address methods:json name phone_number
        speaker_id title {_DELETED}""",
    "call_participant_integration": f"""name object_id call_id call_participant_id object_type systems
        timing value {_SYNCED}""",
    "call_context_integration": f"name object_id call_id object_type systems timing value:json {_SYNCED}",
    "call_speaker": f"id call_id user_id talk_time {_SYNCED}",
    "call_tracker": f"_fivetran_id call_id id name phrase speaker_id start_time type {_SYNCED}",
    "tracker": f"""tracker_id tracker_name creator_user_id updater_user_id workspace_id affiliation
        filter_query part_of_question said_at said_at_interval:int created:ts updated:ts {_DELETED}""",
    "call_topic": f"_fivetran_id call_id duration name {_SYNCED}",
    "call_interaction": f"name call_id value {_SYNCED}",
    "transcript": f"call_id index workspace_id sentence:json speaker_id topic {_SYNCED}",
    "scorecard": f"id name updater_user_id workspace_id enabled:bool created:ts updated:ts {_DELETED}",
    "scorecard_question": f"""question_id scorecard_id question_revision_id question_text is_overall:bool
        updater_user_id created updated {_DELETED}""",
    "answered_scorecard": f"""id call_id scorecard_id reviewed_user_id reviewer_user_id call_start_time
        review_time visibility_type {_SYNCED}""",
    "answered_scorecard_answer": f"""answered_scorecard_id question_id question_revision_id answer_text
        is_overall:bool not_applicable score {_SYNCED}""",
    "users": f"""id manager_id first_name last_name email_address title phone_number active:bool created
        emails_imported:bool telephony_calls_imported:bool web_conferences_recorded:bool {_DELETED}""",
}

_DUCKDB = {
    "text": "varchar",
    "ts": "timestamp",
    "date": "date",
    "int": "bigint",
    "float": "double",
    "bool": "boolean",
    "numeric": "decimal(18, 2)",
    "json": "json",
    "cents": "decimal(18, 2)",
}
_ARROW = {
    "text": pa.string(),
    "ts": pa.timestamp("s"),
    "date": pa.date32(),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "numeric": pa.float64(),
    "json": pa.string(),
    "cents": pa.decimal128(18, 2),
}


def parse_columns(line: str) -> dict[str, str]:
    """Column name to type word, in order. Raises ValueError for a type that is not known."""
    columns: dict[str, str] = {}
    for word in line.split():
        name, _, kind = word.partition(":")
        if (kind or "text") not in _DUCKDB:
            raise ValueError(f"{name}: unknown type {kind}")
        columns[name] = kind or "text"
    return columns


RAW: dict[str, dict[str, str]] = {
    f"{system}.{table}": parse_columns(line)
    for system, tables in (("salesforce", SALESFORCE), ("marketo", MARKETO), ("gong", GONG))
    for table, line in tables.items()
}
"""`system.table` to its columns and their type words."""


def create_table(name: str, columns: dict[str, str]) -> str:
    """The SQL that makes an empty table `schema.table` with these columns."""
    schema, table = name.split(".")
    body = ", ".join(f'"{column}" {_DUCKDB[kind]}' for column, kind in columns.items())
    return f'create table "{schema}"."{table}" ({body})'


def arrow_type(kind: str) -> pa.DataType:
    """The Arrow type in which a column of this type word is collected."""
    return _ARROW[kind]
