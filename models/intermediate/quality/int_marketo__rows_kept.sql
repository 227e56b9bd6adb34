{#- Which staging model reads which raw table. -#}
{%- set staging_models = {
    "lead": "stg_marketo__leads",
    "activity_add_to_sfdc_campaign": "stg_marketo__activity_campaign_additions",
    "activity_change_data_value": "stg_marketo__activity_data_value_changes",
    "activity_change_score": "stg_marketo__activity_score_changes",
    "activity_change_revenue_stage": "stg_marketo__activity_revenue_stage_changes",
    "activity_change_status_in_progression": "stg_marketo__activity_program_status_changes",
    "activity_click_email": "stg_marketo__activity_email_clicks",
    "activity_convert_lead": "stg_marketo__activity_lead_conversions",
    "activity_delete_lead": "stg_marketo__activity_lead_deletions",
    "activity_email_bounced": "stg_marketo__activity_email_bounces",
    "activity_email_delivered": "stg_marketo__activity_email_deliveries",
    "activity_fill_out_form": "stg_marketo__activity_form_fills",
    "activity_merge_leads": "stg_marketo__activity_lead_merges",
    "activity_new_lead": "stg_marketo__activity_lead_creations",
    "activity_open_email": "stg_marketo__activity_email_opens",
    "activity_send_email": "stg_marketo__activity_email_sends",
    "activity_sync_lead_to_sfdc": "stg_marketo__activity_crm_syncs",
    "activity_unsubscribe_email": "stg_marketo__activity_email_unsubscribes",
    "activity_visit_webpage": "stg_marketo__activity_web_visits",
    "activity_type": "stg_marketo__activity_types",
    "program": "stg_marketo__programs",
    "program_membership": "stg_marketo__program_memberships",
    "campaign": "stg_marketo__smart_campaigns",
    "email_template_history": "stg_marketo__email_template_versions",
} -%}

with

counted as (

    {{ rows_kept(staging_models) }}

)

select
    ---------- strings
    source_table,

    ---------- numerics
    cast(row_count as {{ dbt.type_bigint() }}) as row_count,

    ---------- metadata
    'marketo' as source_system,
    source_instance
from counted
