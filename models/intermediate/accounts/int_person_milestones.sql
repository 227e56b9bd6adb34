{{ config(materialized="view") }}

-- What happens once to a person and begins a state: seen first, responded, asked for a demo, converted, deleted as a whole.
with

field_changes as (

    select * from {{ ref("int_person_field_changes") }}

),

records as (

    select * from {{ ref("int_person_record_states") }}

),

states as (

    select * from {{ ref("int_person_states") }}

),

conversations as (

    select * from {{ ref("int_person_conversations") }}

),

responses as (

    select * from {{ ref("int_person_responses") }}

),

as_of as (

    select * from {{ ref("as_of") }}

),

conversions as (

    select
        record_key,
        min(changed_at) as converted_at
    from field_changes
    where attribute = 'converted'
    group by record_key

),

milestones as (

    select person_key, min(created_at) as event_at, 'seen' as attribute from records group by person_key
    union all
    select person_key, first_seen_at as event_at, 'seen' as attribute from conversations
    union all
    select person_key, responded_at as event_at, response as attribute from responses
    union all
    select
        records.person_key,
        coalesce(
            conversions.converted_at,
            {{ later_of('cast(records.converted_date as ' ~ dbt.type_timestamp() ~ ')', 'records.created_at') }},
            records.modified_at
        ) as event_at,
        'converted' as attribute
    from records
    left join conversions on records.record_key = conversions.record_key
    where records.is_converted
    union all
    select
        states.person_key,
        states.last_modified_at as event_at,
        'deleted' as attribute
    from states
    left join conversations on states.person_key = conversations.person_key
    where states.is_deleted and conversations.person_key is null

)

select distinct
    ---------- ids
    milestones.person_key,

    ---------- strings
    milestones.attribute,

    ---------- timestamps
    -- where nothing at all says when, there is still a person, and one state of it
    coalesce(
        {{ earlier_of('milestones.event_at', 'as_of.newest_loaded_at') }},
        as_of.newest_loaded_at,
        cast('1970-01-01' as {{ dbt.type_timestamp() }})
    ) as event_at
from milestones
cross join as_of
