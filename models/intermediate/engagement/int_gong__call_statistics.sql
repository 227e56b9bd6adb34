-- Figures of a recorded call, one row per call. Talk ratio is the colleagues' share of all that was spoken; where speaking
-- times are missing, the recorder's own figure, a share or a percentage.
with

sides as (

    select
        source_instance,
        call_id,
        speaker_id,
        min(side) as side
    from {{ ref('int_gong__call_people') }}
    where speaker_id is not null
    group by source_instance, call_id, speaker_id

),

speaking as (

    select
        speakers.source_instance,
        speakers.call_id,
        sum(speakers.talk_seconds) as talk_seconds,
        sum(case when speakers.user_id is not null or sides.side = 'company' then speakers.talk_seconds else 0 end) as company_talk_seconds
    from {{ ref('stg_gong__call_speakers') }} as speakers
    left join sides
        on speakers.source_instance = sides.source_instance
        and speakers.call_id = sides.call_id
        and speakers.speaker_id = sides.speaker_id
    where not speakers.is_deleted
    group by speakers.source_instance, speakers.call_id

),

interactions as (

    select
        source_instance,
        call_id,
        max(case when lower(interaction_name) = 'talk ratio' then interaction_value end) as talk_ratio,
        max(case when lower(interaction_name) = 'interactivity' then interaction_value end) as interactivity,
        max(case when lower(interaction_name) = 'patience' then interaction_value end) as patience_seconds,
        max(case when lower(interaction_name) = 'longest monologue' then interaction_value end) as longest_monologue_seconds
    from {{ ref('stg_gong__call_interactions') }}
    where not is_deleted
    group by source_instance, call_id

),

people as (

    select
        source_instance,
        call_id,
        sum(case when side = 'company' then 1 else 0 end) as company_people_count,
        sum(case when side = 'buyer' then 1 else 0 end) as buyer_people_count,
        sum(case when side = 'unknown' then 1 else 0 end) as unknown_people_count
    from {{ ref('int_gong__call_people') }}
    group by source_instance, call_id

)

select
    calls.source_instance,
    calls.call_id,
    coalesce(people.company_people_count, 0) as company_people_count,
    coalesce(people.buyer_people_count, 0) as buyer_people_count,
    coalesce(people.unknown_people_count, 0) as unknown_people_count,
    coalesce({{ safe_divide('speaking.company_talk_seconds', 'speaking.talk_seconds', 7, 4) }}, cast(case when interactions.talk_ratio > 1 then interactions.talk_ratio / 100 else interactions.talk_ratio end as {{ type_decimal(7, 4) }})) as talk_ratio,
    interactions.interactivity,
    interactions.patience_seconds,
    interactions.longest_monologue_seconds
from {{ ref('stg_gong__calls') }} as calls
left join speaking
    on calls.source_instance = speaking.source_instance
    and calls.call_id = speaking.call_id
left join interactions
    on calls.source_instance = interactions.source_instance
    and calls.call_id = interactions.call_id
left join people
    on calls.source_instance = people.source_instance
    and calls.call_id = people.call_id
