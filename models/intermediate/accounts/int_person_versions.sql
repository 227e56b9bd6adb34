-- States of a person that differ from the one before, each valid until the next.
{%- set compared = [
    'lead_status', 'lead_score', 'lifecycle_stage', 'owner_user_key', 'rejection_reason', 'is_opted_out', 'evidence',
    'first_responded_at', 'demo_requested_at', 'is_converted', 'is_deleted'
] %}
with

states as (

    select * from {{ ref("int_person_history_states") }}

),

histories as (

    select * from {{ ref("int_person_field_histories") }}

),

-- since when status and score are known without a gap: the last moment up to which a record that speaks says nothing
known as (

    select
        person_key,
        max(case when known_from > started_at then {{ earlier_of('known_from', 'speaks_until_at') }} end) as history_known_from
    from histories
    where attribute in ('lead_status', 'lead_score')
    group by person_key

),

compared as (

    select
        states.*,
        {%- for column in compared %}
        lag({{ column }}) over (partition by person_key order by valid_from_at) as previous_{{ column }},
        {%- endfor %}
        row_number() over (partition by person_key order by valid_from_at) as state_number,
        min(valid_from_at) over (partition by person_key) as first_known_at
    from states

),

changed as (

    select *
    from compared
    where state_number = 1
        {%- for column in compared %}
        or {{ column }} is distinct from previous_{{ column }}
        {%- endfor %}

)

select
    ---------- ids
    changed.person_key,
    changed.owner_user_key,

    ---------- strings
    changed.lead_status,
    changed.lifecycle_stage,
    changed.rejection_reason,
    changed.evidence,
    changed.owner_evidence,

    ---------- numerics
    row_number() over (partition by changed.person_key order by changed.valid_from_at) as version_number,
    changed.lead_score,

    ---------- booleans
    changed.is_opted_out,
    changed.is_converted,
    changed.is_deleted,

    ---------- timestamps
    changed.valid_from_at,
    lead(changed.valid_from_at) over (partition by changed.person_key order by changed.valid_from_at) as valid_to_at,
    {{ later_of('changed.first_known_at', 'known.history_known_from') }} as history_known_from,
    changed.first_known_at as became_known_at,
    changed.first_responded_at,
    changed.demo_requested_at
from changed
left join known on changed.person_key = known.person_key
