{{ config(materialized="view") }}

-- The state of a person after each instant at which something was said: every attribute keeps its last said value.
-- Rows of one instant are taken in the order beginning, tracked change, current row, then by attribute and id; the last wins.
{%- set no_text = "''" -%}
{%- set in_order = 'partition by person_key order by event_at, event_rank, attribute, event_id' -%}
{%- set so_far = in_order ~ ' rows between unbounded preceding and current row' %}
with

events as (

    select * from {{ ref("int_person_events") }}

),

filled as (

    select
        person_key,
        event_at,
        lead(event_at) over ({{ in_order }}) as next_event_at,
        {%- for attribute in ['lead_status', 'lead_score', 'lifecycle_stage', 'owner', 'rejection_reason', 'opted_out'] %}
        {{ last_said('value', "case when attribute = '" ~ attribute ~ "' then 1 end", no_text, so_far) }} as {{ attribute }},
        {%- endfor %}
        {%- for attribute in ['lead_status', 'lead_score', 'owner'] %}
        {{ last_said('evidence', "case when attribute = '" ~ attribute ~ "' then 1 end", no_text, so_far) }} as {{ attribute }}_evidence,
        {%- endfor %}
        min(case when attribute = 'responded' then event_at end) over ({{ so_far }}) as first_responded_at,
        max(case when attribute = 'demo_requested' then event_at end) over ({{ so_far }}) as demo_requested_at,
        max(case when attribute = 'converted' then 1 else 0 end) over ({{ so_far }}) as is_converted,
        max(case when attribute = 'deleted' then 1 else 0 end) over ({{ so_far }}) as is_deleted
    from events

)

select
    ---------- ids
    person_key,
    cast(owner as {{ dbt.type_bigint() }}) as owner_user_key,

    ---------- strings
    lead_status,
    lifecycle_stage,
    rejection_reason,
    case
        when lead_status_evidence = 'unknown' or lead_score_evidence = 'unknown' then 'unknown'
        when lead_status_evidence = 'reconstructed' or lead_score_evidence = 'reconstructed' then 'reconstructed'
        else 'observed'
    end as evidence,
    owner_evidence,

    ---------- numerics
    cast(lead_score as {{ dbt.type_bigint() }}) as lead_score,

    ---------- booleans
    case when coalesce(opted_out, 'false') <> 'unknown' then coalesce(opted_out, 'false') = 'true' end as is_opted_out,
    is_converted = 1 as is_converted,
    is_deleted = 1 as is_deleted,

    ---------- timestamps
    event_at as valid_from_at,
    first_responded_at,
    demo_requested_at
from filled
where next_event_at is null
    or next_event_at > event_at
