-- What a reviewed decision split is two, whatever else links it; what it merged is one. If this fails, other records still
-- link the pair: split those too.
with

overrides as (

    select * from {{ ref("int_match_overrides") }}

),

keys as (

    select 'account' as entity, record_key, account_key as entity_key from {{ ref("map_accounts") }}
    union all
    select 'person' as entity, record_key, person_key as entity_key from {{ ref("map_people") }}

)

select
    overrides.entity,
    overrides.action,
    overrides.record_key,
    overrides.other_record_key
from overrides
inner join keys on overrides.entity = keys.entity and overrides.record_key = keys.record_key
inner join keys as other_keys on overrides.entity = other_keys.entity and overrides.other_record_key = other_keys.record_key
where (overrides.action = 'split' and keys.entity_key = other_keys.entity_key)
    or (overrides.action = 'merge' and keys.entity_key <> other_keys.entity_key)
