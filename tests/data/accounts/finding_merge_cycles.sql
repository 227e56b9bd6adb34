-- Merges that run in a ring: the records are one account or person all the same, but the source is in disorder.
{{ config(error_if=finding_ceiling("merge_cycles")) }}
with

records as (

    select 'account' as entity, component_key, is_merged_away
    from {{ ref("int_account_records") }}
    union all
    select 'person' as entity, component_key, is_merged_away
    from {{ ref("int_person_records") }}

),

merged_groups as (

    select
        entity,
        component_key,
        min(case when is_merged_away then 1 else 0 end) = 1 as is_ring
    from records
    group by entity, component_key
    having count(*) > 1

),

counted as (

    select entity, component_key, is_ring, count(*) over () as population
    from merged_groups

)

select entity, component_key, population
from counted
where is_ring
