{{ config(materialized="view") }}

-- Sendings and deliveries with what tells them apart further: one e-mail is one touch. A sending that was skipped, or
-- that bounced and never arrived, was not shown to anybody; a delivery counts only where its sending is not on record.
with

email_runs as (

    select * from {{ ref('int_marketo__email_runs') }}

),

sends as (

    select
        *,
        {{ marketo_email_run() }} as email_run
    from {{ ref('stg_marketo__activity_email_sends') }}

),

deliveries as (

    select
        *,
        {{ marketo_email_run() }} as email_run
    from {{ ref('stg_marketo__activity_email_deliveries') }}

)

select
    sends.source_instance,
    'activity_send_email' as source_object,
    sends.activity_id,
    sends.lead_id,
    sends.smart_campaign_id,
    'send_email' as source_type,
    case
        when lower(sends.action_result) <> 'succeeded' then lower(sends.action_result)
        when not email_runs.has_delivery then 'bounced'
    end as source_detail,
    sends.is_deleted,
    sends.occurred_at
from sends
left join email_runs
    on sends.source_instance = email_runs.source_instance
    and sends.lead_id = email_runs.lead_id
    and sends.email_run = email_runs.email_run
union all
select
    deliveries.source_instance,
    'activity_email_delivered' as source_object,
    deliveries.activity_id,
    deliveries.lead_id,
    deliveries.smart_campaign_id,
    'email_delivered' as source_type,
    case when deliveries.lead_id is not null and not deliveries.is_deleted and email_runs.email_run is null then 'sending_on_record' end as source_detail,
    deliveries.is_deleted,
    deliveries.occurred_at
from deliveries
left join email_runs
    on deliveries.source_instance = email_runs.source_instance
    and deliveries.lead_id = email_runs.lead_id
    and deliveries.email_run = email_runs.email_run
