with

conversations as (

    select
        conversation_key,
        account_key,
        opportunity_key,
        started_date,
        source_system,
        source_instance,
        source_record_id
    from {{ ref('fct_conversations') }}

),

topics as (

    select * from {{ ref('int_gong__call_topics_unioned') }}

),

signals as (

    select * from {{ ref('conversation_signals') }}

)

select
    ---------- ids
    conversations.conversation_key,
    conversations.account_key,
    conversations.opportunity_key,

    ---------- strings
    topics.topic_kind,
    topics.topic_name,
    signals.signal,

    ---------- numerics
    cast(topics.mention_count as {{ dbt.type_int() }}) as mention_count,
    cast(topics.first_heard_seconds as {{ type_decimal(18, 2) }}) as first_heard_seconds,
    topics.duration_seconds,

    ---------- dates
    conversations.started_date
from topics
inner join conversations
    on topics.source_instance = conversations.source_instance
    and topics.call_id = conversations.source_record_id
left join signals
    on case when topics.topic_kind = 'tracker' then lower(topics.topic_name) end = signals.tracker_name
