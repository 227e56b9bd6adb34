-- What the weeks of an account sum to is what its touches sum to. Returns accounts that differ.
with

weeks as (

    select
        account_key,
        sum(touch_count) as touch_count,
        sum(activity_count) as activity_count,
        sum(meeting_count) as meeting_count,
        sum(minutes) as minutes
    from {{ ref('agg_account_engagement_weekly') }}
    group by account_key

),

touches as (

    select
        account_key,
        count(*) as touch_count,
        sum(case when engagement_class = 'activity' then 1 else 0 end) as activity_count,
        sum(case when is_meeting then 1 else 0 end) as meeting_count,
        coalesce(sum(duration_minutes), 0) as minutes
    from {{ ref('fct_engagements') }}
    where account_key is not null
    group by account_key

)

select
    coalesce(weeks.account_key, touches.account_key) as account_key,
    weeks.touch_count as touches_in_weeks,
    touches.touch_count as touches
from weeks
full outer join touches
    on weeks.account_key = touches.account_key
where coalesce(weeks.touch_count, -1) <> coalesce(touches.touch_count, -1)
    or coalesce(weeks.activity_count, -1) <> coalesce(touches.activity_count, -1)
    or coalesce(weeks.meeting_count, -1) <> coalesce(touches.meeting_count, -1)
    or coalesce(weeks.minutes, -1) <> coalesce(touches.minutes, -1)
