-- What the past of an opportunity amounts to: when it was won, how often it was pushed, reopened and put back.
with

versions as (

    select * from {{ ref('fct_opportunity_versions') }}

),

compared as (

    select
        opportunity_key,
        valid_from_at,
        is_open,
        is_won,
        is_lost,
        is_history_gap,
        history_known_from,
        close_date,
        lag(close_date) over (partition by opportunity_key order by version_number) as previous_close_date,
        lag(is_open) over (partition by opportunity_key order by version_number) as was_open,
        lag(is_won) over (partition by opportunity_key order by version_number) as was_won,
        lag(is_lost) over (partition by opportunity_key order by version_number) as was_lost,
        -- nothing becomes so in a first version, nor after a stretch that nothing is known of: it may have been so before
        coalesce(
            lag(evidence) over (partition by opportunity_key order by version_number) <> 'unknown'
            and lag(stage_category) over (partition by opportunity_key order by version_number) <> 'unknown',
            false
        ) as is_change_known
    from versions

),

begun as (

    select
        compared.*,
        case when is_won and not coalesce(was_won, false) then valid_from_at end as win_begins_at,
        case when is_lost and not coalesce(was_lost, false) then valid_from_at end as loss_begins_at
    from compared

)

select
    ---------- ids
    opportunity_key,

    ---------- numerics
    count(*) as version_count,
    sum(case when is_open and was_open and close_date > previous_close_date then 1 else 0 end) as push_count,
    sum(case when is_open and (was_won or was_lost) then 1 else 0 end) as reopen_count,

    ---------- booleans
    max(case when is_history_gap then 1 else 0 end) = 1 as has_history_gap,

    ---------- timestamps
    -- the last time it became so counts: a deal reopened after a win was not won then; NULL where nobody saw it become so
    case
        when max(win_begins_at) = max(case when is_change_known then win_begins_at end) then max(win_begins_at)
    end as won_at,
    case
        when max(loss_begins_at) = max(case when is_change_known then loss_begins_at end) then max(loss_begins_at)
    end as lost_at,
    max(history_known_from) as history_known_from
from begun
group by opportunity_key
