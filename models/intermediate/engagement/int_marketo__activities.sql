{{ config(materialized="view") }}

-- The activity tables that hold touches, or look as if they did, side by side. What is a touch is decided one step later.
select
    source_instance,
    source_object,
    activity_id as source_record_id,
    lead_id,
    smart_campaign_id,
    cast(null as {{ dbt.type_string() }}) as program_id,
    source_type,
    source_detail,
    '*' as fallback_detail,
    is_deleted,
    occurred_at
from {{ ref('int_marketo__emails') }}
union all
{{ marketo_activity(ref('stg_marketo__activity_email_bounces'), 'activity_email_bounced') }}
union all
{{ marketo_activity(ref('stg_marketo__activity_email_opens'), 'activity_open_email') }}
union all
{{ marketo_activity(ref('stg_marketo__activity_email_clicks'), 'activity_click_email') }}
union all
{{ marketo_activity(ref('stg_marketo__activity_email_unsubscribes'), 'activity_unsubscribe_email') }}
union all
{{ marketo_activity(ref('stg_marketo__activity_form_fills'), 'activity_fill_out_form') }}
union all
{{ marketo_activity(ref('stg_marketo__activity_web_visits'), 'activity_visit_webpage') }}
union all
{{ marketo_activity(ref('stg_marketo__activity_campaign_additions'), 'activity_add_to_sfdc_campaign') }}
union all
{{ marketo_activity(ref('stg_marketo__activity_crm_syncs'), 'activity_sync_lead_to_sfdc') }}
union all
-- A status that the type map does not know still counts as a response where the program itself says so.
select
    source_instance,
    'activity_change_status_in_progression' as source_object,
    activity_id as source_record_id,
    lead_id,
    smart_campaign_id,
    asset_id as program_id,
    'program_status' as source_type,
    lower(new_status) as source_detail,
    case when is_success then 'responded' else '*' end as fallback_detail,
    is_deleted,
    occurred_at
from {{ ref('stg_marketo__activity_program_status_changes') }}
