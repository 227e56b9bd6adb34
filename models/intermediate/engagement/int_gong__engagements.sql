{{ config(materialized="view") }}

-- Recorded calls in the shared shape of engagements. A call is internal when its scope says so, or when nobody but
-- colleagues was on it and no CRM record is tied to it. A private call is shown to nobody, so not here either.
with

calls as (

    select * from {{ ref('stg_gong__calls') }}

),

attributed as (

    select * from {{ ref('int_gong__calls_attributed') }}

),

evidence as (

    select * from {{ ref('int_gong__call_evidence') }}

),

sides as (

    select
        source_instance,
        call_id,
        sum(case when side = 'company' then 1 else 0 end) as company_people_count,
        sum(case when side <> 'company' then 1 else 0 end) as outside_people_count
    from {{ ref('int_gong__call_people') }}
    group by source_instance, call_id

),

users as (

    select * from {{ ref('int_users_mapped') }} where source_system = 'gong'

)

select
    ---------- ids
    calls.source_system,
    calls.source_instance,
    'call' as source_object,
    calls.call_id as source_record_id,
    attributed.person_key,
    attributed.account_key,
    attributed.opportunity_key,
    cast(null as {{ dbt.type_bigint() }}) as campaign_key,
    users.user_key,

    ---------- strings
    'recorded' as source_type,
    case
        when lower(calls.scope) = 'internal' then 'internal'
        when coalesce(lower(calls.scope), 'unknown') <> 'external'
            and sides.company_people_count > 0
            and sides.outside_people_count = 0
            and evidence.account_evidence = 'none' then 'internal'
        when calls.is_private then 'private'
    end as source_detail,
    '*' as fallback_detail,
    case when calls.is_deleted then 'deleted' end as stated_reason,

    ---------- numerics
    {{ safe_divide('calls.duration_seconds', '60', 9, 2) }} as duration_minutes,

    ---------- booleans
    true as has_time_of_day,

    ---------- dates
    {{ business_date('coalesce(calls.started_at, calls.scheduled_at)') }} as occurred_date,

    ---------- timestamps
    coalesce(calls.started_at, calls.scheduled_at) as occurred_at
from calls
left join attributed
    on calls.source_instance = attributed.source_instance
    and calls.call_id = attributed.call_id
left join evidence
    on calls.source_instance = evidence.source_instance
    and calls.call_id = evidence.call_id
left join sides
    on calls.source_instance = sides.source_instance
    and calls.call_id = sides.call_id
left join users
    on calls.source_instance = users.source_instance
    and calls.primary_user_id = users.source_record_id
