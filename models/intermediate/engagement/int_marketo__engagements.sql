{{ config(materialized="view") }}

-- Marketo's activities in the shared shape of engagements, touches or not. The program is the one whose status changed,
-- or the one that the smart campaign behind the activity belongs to.
with

activities as (

    select * from {{ ref('int_marketo__activities') }}

),

smart_campaigns as (

    select
        source_instance,
        smart_campaign_id,
        program_id
    from {{ ref('stg_marketo__smart_campaigns') }}

)

select
    ---------- ids
    'marketo' as source_system,
    activities.source_instance,
    activities.source_object,
    activities.source_record_id,
    'lead' as person_object,
    activities.lead_id as person_record_id,
    cast(null as {{ dbt.type_string() }}) as account_record_id,
    cast(null as {{ dbt.type_string() }}) as related_record_id,
    'program' as campaign_object,
    coalesce(activities.program_id, smart_campaigns.program_id) as campaign_record_id,
    cast(null as {{ dbt.type_string() }}) as user_record_id,
    cast(null as {{ dbt.type_bigint() }}) as stated_person_key,
    cast(null as {{ dbt.type_bigint() }}) as stated_account_key,
    cast(null as {{ dbt.type_bigint() }}) as stated_opportunity_key,

    ---------- strings
    activities.source_type,
    activities.source_detail,
    activities.fallback_detail,
    case when activities.is_deleted then 'deleted' end as stated_reason,

    ---------- numerics
    cast(null as {{ type_decimal(9, 2) }}) as duration_minutes,

    ---------- booleans
    true as has_time_of_day,

    ---------- dates
    {{ business_date('activities.occurred_at') }} as occurred_date,

    ---------- timestamps
    activities.occurred_at
from activities
left join smart_campaigns
    on activities.source_instance = smart_campaigns.source_instance
    and activities.smart_campaign_id = smart_campaigns.smart_campaign_id
