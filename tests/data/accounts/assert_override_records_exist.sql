-- A reviewed decision on a record that is not in the raw data has no effect: it was misspelt, or the record is gone.
{{ config(severity="warn") }}
with

overrides as (

    select entity, record_key from {{ ref("int_match_overrides") }}
    union all
    select entity, other_record_key as record_key from {{ ref("int_match_overrides") }}

),

keys as (

    select 'account' as entity, record_key from {{ ref("map_accounts") }}
    union all
    select 'person' as entity, record_key from {{ ref("map_people") }}

)

select
    overrides.entity,
    overrides.record_key
from overrides
left join keys on overrides.entity = keys.entity and overrides.record_key = keys.record_key
where keys.record_key is null
