-- Colleagues, by name and team. Where the seats of a colleague differ, the CRM's speaks.
with

users as (

    select * from {{ ref("int_users_unioned") }}

),

mapped as (

    select * from {{ ref("int_users_mapped") }}

),

ranked as (

    select
        mapped.user_key,
        users.record_key,
        users.source_system,
        users.source_instance,
        users.manager_user_id,
        users.user_name,
        users.role_name,
        users.job_title,
        users.is_active,
        users.created_at,
        row_number() over (
            partition by mapped.user_key
            order by
                case when users.is_active then 0 else 1 end,
                case when users.source_system = 'salesforce' then 0 else 1 end,
                users.created_at desc nulls last,
                users.record_key
        ) as speaking_order
    from users
    inner join mapped on users.record_key = mapped.record_key

),

seats as (

    select
        user_key,
        max(case when is_active then 1 else 0 end) = 1 as is_active,
        max(case when source_system = 'salesforce' then 1 else 0 end) = 1 as has_crm_record,
        max(case when source_system = 'gong' then 1 else 0 end) = 1 as has_conversation_record,
        min(created_at) as created_at
    from ranked
    group by user_key

)

select
    ---------- ids
    speaking.user_key,
    managers.user_key as manager_user_key,

    ---------- strings
    speaking.user_name,
    coalesce(teams.team, 'other') as team,
    speaking.role_name,
    speaking.job_title,

    ---------- booleans
    seats.is_active,
    seats.has_crm_record,
    seats.has_conversation_record,

    ---------- timestamps
    seats.created_at
from ranked as speaking
inner join seats on speaking.user_key = seats.user_key
left join {{ ref("int_user_teams") }} as teams on speaking.record_key = teams.record_key
left join mapped as managers
    on speaking.source_system = managers.source_system
        and speaking.source_instance = managers.source_instance
        and speaking.manager_user_id = managers.source_record_id
        and managers.user_key <> speaking.user_key
where speaking.speaking_order = 1
