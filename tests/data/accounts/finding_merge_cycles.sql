-- Merges that run in a ring: the records are one account or person all the same, but the source is in disorder.
{{ config(severity="warn") }}
with

account_groups as (

    select
        'account' as entity,
        component_key
    from {{ ref("int_account_records") }}
    group by component_key
    having count(*) > 1 and min(case when is_merged_away then 1 else 0 end) = 1

),

person_groups as (

    select
        'person' as entity,
        component_key
    from {{ ref("int_person_records") }}
    group by component_key
    having count(*) > 1 and min(case when is_merged_away then 1 else 0 end) = 1

)

select * from account_groups
union all
select * from person_groups
