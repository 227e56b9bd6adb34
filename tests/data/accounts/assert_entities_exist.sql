-- Every key that a map gives is in its dimension and is the key of one of its own records; dimensions hold nothing else.
with

mapped_accounts as (

    select
        account_key as entity_key,
        max(case when record_key = account_key then 1 else 0 end) as has_own_record
    from {{ ref("map_accounts") }}
    group by account_key

),

mapped_people as (

    select
        person_key as entity_key,
        max(case when record_key = person_key then 1 else 0 end) as has_own_record
    from {{ ref("map_people") }}
    group by person_key

)

select 'account' as entity, coalesce(mapped_accounts.entity_key, accounts.account_key) as entity_key
from mapped_accounts
full outer join {{ ref("dim_accounts") }} as accounts on mapped_accounts.entity_key = accounts.account_key
where mapped_accounts.entity_key is null or accounts.account_key is null or mapped_accounts.has_own_record = 0
union all
select 'person' as entity, coalesce(mapped_people.entity_key, people.person_key) as entity_key
from mapped_people
full outer join {{ ref("dim_people") }} as people on mapped_people.entity_key = people.person_key
where mapped_people.entity_key is null or people.person_key is null or mapped_people.has_own_record = 0
union all
select 'account of a person' as entity, people.account_key as entity_key
from {{ ref("dim_people") }} as people
left join {{ ref("dim_accounts") }} as accounts on people.account_key = accounts.account_key
where people.account_key is not null and accounts.account_key is null
union all
select 'manager' as entity, users.manager_user_key as entity_key
from {{ ref("dim_users") }} as users
left join {{ ref("dim_users") }} as managers on users.manager_user_key = managers.user_key
where users.manager_user_key is not null and managers.user_key is null
