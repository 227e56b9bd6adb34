-- What the past of an opportunity amounts to: when it was won, how often it was pushed, reopened and put back.
with

versions as (

    select * from {{ ref('fct_opportunity_versions') }}

),

compared as (

    select
        opportunity_key,
        evidence,
        valid_from_at,
        is_open,
        is_won,
        is_lost,
        is_history_gap,
        history_known_from,
        close_date,
        lag(close_date) over (partition by opportunity_key order by version_number) as previous_close_date,
        lag(is_open) over (partition by opportunity_key order by version_number) as was_open,
        lag(is_won or is_lost) over (partition by opportunity_key order by version_number) as was_decided
    from versions

)

select
    ---------- ids
    opportunity_key,

    ---------- numerics
    count(*) as version_count,
    sum(case when is_open and was_open and close_date > previous_close_date then 1 else 0 end) as push_count,
    sum(case when is_open and was_decided then 1 else 0 end) as reopen_count,

    ---------- booleans
    max(case when is_history_gap then 1 else 0 end) = 1 as has_history_gap,

    ---------- timestamps
    -- the last time it became so counts: a deal reopened after a win was not won then
    max(case when is_won and not coalesce(was_decided, false) then valid_from_at end) as won_at,
    max(case when is_lost and not coalesce(was_decided, false) then valid_from_at end) as lost_at,
    max(history_known_from) as history_known_from
from compared
group by opportunity_key
