{{ config(materialized="view") }}

-- Marketo's activities in the shared shape of engagements, touches or not. The program is the one whose status changed,
-- or the one that the smart campaign behind the activity belongs to. Each lookup is by a unique key, so that no touch
-- multiplies. Who is unknown stays without a person, and is kept.
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

),

people as (

    select * from {{ ref('int_engagement_person_records') }} where source_system = 'marketo' and source_object = 'lead'

),

programs as (

    select * from {{ ref('int_campaigns_mapped') }} where source_system = 'marketo' and source_object = 'program'

)

select
    ---------- ids
    'marketo' as source_system,
    activities.source_instance,
    activities.source_object,
    activities.source_record_id,
    people.person_key,
    people.account_key,
    cast(null as {{ dbt.type_bigint() }}) as opportunity_key,
    programs.campaign_key,
    cast(null as {{ dbt.type_bigint() }}) as user_key,

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
left join people
    on activities.source_instance = people.source_instance
    and activities.lead_id = people.source_record_id
left join programs
    on activities.source_instance = programs.source_instance
    and coalesce(activities.program_id, smart_campaigns.program_id) = programs.source_record_id
