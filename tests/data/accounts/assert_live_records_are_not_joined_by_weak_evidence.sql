-- Two live accounts of one CRM are one only where a merge or a reviewed decision says so, never by domain alone; two
-- live contacts of one CRM never by address alone.
with

accounts as (

    select
        'account' as entity,
        account_key as entity_key
    from {{ ref("int_account_keys") }}
    where is_live
    group by account_key, source_system, source_instance
    having count(distinct component_key) > 1

),

people as (

    select
        'person' as entity,
        person_key as entity_key
    from {{ ref("int_person_keys") }}
    where is_live and source_object = 'contact'
    group by person_key, source_system, source_instance
    having count(distinct component_key) > 1

)

select * from accounts
union all
select * from people
