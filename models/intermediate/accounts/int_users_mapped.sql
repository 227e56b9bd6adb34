-- Which colleague each seat belongs to. Seats of different systems are one colleague when they have one address that
-- no other seat of either system has, or that is the only active one there; two seats of one system never join.
with

users as (

    select * from {{ ref("int_users_unioned") }}

),

-- Of several seats of one system with one address, the active one, when it is the only active one, speaks for it.
seat_counts as (

    select
        email_address,
        source_system,
        source_instance,
        count(*) as seat_count,
        sum(case when is_active then 1 else 0 end) as active_seat_count
    from users
    where email_address is not null
    group by email_address, source_system, source_instance

),

joining as (

    select
        users.record_key,
        users.email_address,
        users.created_at
    from users
    inner join seat_counts
        on users.email_address = seat_counts.email_address
            and users.source_system = seat_counts.source_system
            and users.source_instance = seat_counts.source_instance
    where seat_counts.seat_count = 1 or (seat_counts.active_seat_count = 1 and users.is_active)

),

colleagues as (

    select
        record_key,
        first_value(record_key) over (
            partition by email_address
            order by created_at nulls last, record_key
            rows between unbounded preceding and unbounded following
        ) as user_key
    from joining

)

select
    ---------- ids
    users.record_key,
    users.source_record_id,
    coalesce(colleagues.user_key, users.record_key) as user_key,

    ---------- strings
    users.email_address,

    ---------- metadata
    users.source_system,
    users.source_instance
from users
left join colleagues on users.record_key = colleagues.record_key
