-- People who took part in calls.
with

participants as (

    select
        participant_keys.person_key,
        participants.record_key,
        participants.job_title,
        participants.started_at,
        row_number() over (
            partition by participant_keys.person_key
            order by case when participants.job_title is null then 1 else 0 end, participants.started_at desc nulls last, participants.record_key
        ) as title_order
    from {{ ref("int_gong__participants") }} as participants
    inner join {{ ref("int_participant_keys") }} as participant_keys on participants.record_key = participant_keys.record_key

)

select
    ---------- ids
    person_key,

    ---------- strings
    max(case when title_order = 1 then job_title end) as job_title,

    ---------- numerics
    count(*) as conversation_record_count,

    ---------- timestamps
    min(started_at) as first_seen_at
from participants
group by person_key
