-- Per attribute, which records of a person speak for it, in which stretch of time, and since when it is known without a gap.
-- Of the records that ever stated the attribute, living ones come before others, then contacts before leads of the CRM before
-- leads of marketing automation (for an opt-out the other way round: it is made there), then the one changed last. The first
-- speaks since it exists; before that the next one, so that a merge keeps the past of the record that lost it.
with

statements as (

    select
        *,
        max(case when current_value = 'true' or first_changed_at is not null then 1 else 0 end) over (
            partition by person_key, attribute
        ) as has_opted_out
    from {{ ref("int_person_field_statements") }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by person_key, attribute
            order by
                case when is_live then 0 when is_landed then 1 else 2 end,
                case when attribute = 'opted_out' and current_value = 'true' then 0 else 1 end,
                case when attribute = 'opted_out' then -kind else kind end,
                modified_at desc nulls last,
                created_at desc nulls last,
                record_key
        ) as speaking_order
    from statements
    -- who never opted out needs no history of it
    where attribute <> 'opted_out' or has_opted_out = 1

),

bounded as (

    select
        *,
        min(started_at) over (
            partition by person_key, attribute
            order by speaking_order
            rows between unbounded preceding and 1 preceding
        ) as speaks_until_at,
        case when tracked_from < closed_at then {{ later_of('tracked_from', 'started_at') }} else closed_at end as known_from
    from ranked

)

select
    ---------- ids
    record_key,
    person_key,

    ---------- strings
    attribute,
    current_value,
    first_old_value,

    ---------- numerics
    speaking_order,

    ---------- booleans
    is_landed,
    first_changed_at is not null as has_changed,

    ---------- timestamps
    started_at,
    speaks_until_at,
    closed_at,
    known_from
from bounded
where speaks_until_at is null or started_at < speaks_until_at
