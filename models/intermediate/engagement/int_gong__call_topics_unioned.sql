-- What came up on a recorded call: trackers count each hit, topics the time spent on them. A topic's first moment is that
-- of its first sentence, where the timing of the transcript is on record.
with

tracker_hits as (

    select
        source_instance,
        call_id,
        'tracker' as topic_kind,
        tracker_name as topic_name,
        count(*) as mention_count,
        min(start_seconds) as first_heard_seconds,
        cast(null as {{ type_decimal(18, 2) }}) as duration_seconds
    from {{ ref('stg_gong__call_trackers') }}
    where not is_deleted
        and tracker_name is not null
    group by source_instance, call_id, tracker_name

),

sentences as (

    select
        source_instance,
        call_id,
        topic_name,
        min(start_milliseconds) as start_milliseconds
    from {{ ref('stg_gong__transcript_sentences') }}
    where not is_deleted
        and topic_name is not null
    group by source_instance, call_id, topic_name

),

topics as (

    select
        source_instance,
        call_id,
        topic_name,
        count(*) as mention_count,
        sum(duration_seconds) as duration_seconds
    from {{ ref('stg_gong__call_topics') }}
    where not is_deleted
        and topic_name is not null
    group by source_instance, call_id, topic_name

)

select * from tracker_hits
union all
select
    topics.source_instance,
    topics.call_id,
    'topic' as topic_kind,
    topics.topic_name,
    topics.mention_count,
    {{ safe_divide('sentences.start_milliseconds', '1000', 18, 2) }} as first_heard_seconds,
    cast(topics.duration_seconds as {{ type_decimal(18, 2) }}) as duration_seconds
from topics
left join sentences
    on topics.source_instance = sentences.source_instance
    and topics.call_id = sentences.call_id
    and topics.topic_name = sentences.topic_name
