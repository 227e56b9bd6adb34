with

engagements as (

    select * from {{ ref('fct_engagements') }} where source_system = 'gong' and source_object = 'call'

),

calls as (

    select * from {{ ref('stg_gong__calls') }}

),

call_statistics as (

    select * from {{ ref('int_gong__call_statistics') }}

),

call_signals as (

    select * from {{ ref('int_gong__call_signals') }}

),

listening as (

    -- without a tracker that listens for next steps, nobody knows whether one was heard
    select
        trackers.source_instance,
        min(signals.signal) as signal
    from {{ ref('stg_gong__trackers') }} as trackers
    inner join {{ ref('conversation_signals') }} as signals
        on lower(trackers.tracker_name) = signals.tracker_name
    where signals.signal = 'next_step'
    group by trackers.source_instance

)

select
    ---------- ids
    engagements.engagement_key as conversation_key,
    engagements.account_key,
    engagements.opportunity_key,
    engagements.person_key,
    engagements.user_key,
    engagements.source_record_id,

    ---------- strings
    engagements.team,
    lower(calls.call_direction) as call_direction,
    lower(calls.media_type) as media_type,
    calls.language_code,

    ---------- numerics
    calls.duration_seconds,
    engagements.duration_minutes,
    call_statistics.talk_ratio,
    call_statistics.interactivity,
    call_statistics.patience_seconds,
    call_statistics.longest_monologue_seconds,
    calls.company_question_count,
    calls.buyer_question_count,
    cast(coalesce(call_statistics.company_people_count, 0) as {{ dbt.type_int() }}) as company_people_count,
    cast(coalesce(call_statistics.buyer_people_count, 0) as {{ dbt.type_int() }}) as buyer_people_count,
    cast(coalesce(call_statistics.unknown_people_count, 0) as {{ dbt.type_int() }}) as unknown_people_count,

    ---------- booleans
    case
        when call_signals.has_next_step then true
        when listening.signal is not null then false
    end as has_next_step,
    coalesce(call_signals.has_competitor_mention, false) as has_competitor_mention,
    coalesce(call_signals.has_pricing_mention, false) as has_pricing_mention,

    ---------- dates
    engagements.occurred_date as started_date,

    ---------- timestamps
    engagements.occurred_at as started_at,

    ---------- metadata
    engagements.source_system,
    engagements.source_instance
from engagements
inner join calls
    on engagements.source_instance = calls.source_instance
    and engagements.source_record_id = calls.call_id
left join call_statistics
    on engagements.source_instance = call_statistics.source_instance
    and engagements.source_record_id = call_statistics.call_id
left join call_signals
    on engagements.source_instance = call_signals.source_instance
    and engagements.source_record_id = call_signals.call_id
left join listening
    on engagements.source_instance = listening.source_instance
