-- Rows kept and excluded, summed by table, equal the staged rows: none lost, none counted twice. Returns tables that differ.
{%- set touch_tables = {
    "activity_send_email": "stg_marketo__activity_email_sends",
    "activity_email_delivered": "stg_marketo__activity_email_deliveries",
    "activity_email_bounced": "stg_marketo__activity_email_bounces",
    "activity_open_email": "stg_marketo__activity_email_opens",
    "activity_click_email": "stg_marketo__activity_email_clicks",
    "activity_unsubscribe_email": "stg_marketo__activity_email_unsubscribes",
    "activity_fill_out_form": "stg_marketo__activity_form_fills",
    "activity_visit_webpage": "stg_marketo__activity_web_visits",
    "activity_change_status_in_progression": "stg_marketo__activity_program_status_changes",
    "activity_add_to_sfdc_campaign": "stg_marketo__activity_campaign_additions",
    "activity_sync_lead_to_sfdc": "stg_marketo__activity_crm_syncs",
    "task": "stg_salesforce__tasks",
    "event": "stg_salesforce__events",
    "campaign_member": "stg_salesforce__campaign_members",
    "call": "stg_gong__calls",
} %}

with

staged as (
    {% for source_table, model_name in touch_tables.items() %}
    select
        source_system,
        source_instance,
        '{{ source_table }}' as source_table,
        count(*) as row_count
    from {{ ref(model_name) }}
    group by source_system, source_instance
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

outcomes as (

    select
        source_system,
        source_instance,
        source_table,
        sum(row_count) as row_count
    from {{ ref('int_engagement_row_outcomes') }}
    group by source_system, source_instance, source_table

)

select
    coalesce(staged.source_table, outcomes.source_table) as source_table,
    staged.row_count as staged_rows,
    outcomes.row_count as counted_rows
from staged
full outer join outcomes
    on staged.source_system = outcomes.source_system
    and staged.source_instance = outcomes.source_instance
    and staged.source_table = outcomes.source_table
where coalesce(staged.row_count, -1) <> coalesce(outcomes.row_count, -1)
