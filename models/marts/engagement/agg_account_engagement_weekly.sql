with

engagements as (

    select
        engagement_key,
        account_key,
        person_key,
        engagement_type,
        engagement_class,
        team,
        weight,
        duration_minutes,
        is_meeting,
        occurred_date,
        {{ week_start_date('occurred_date') }} as week_start_date
    from {{ ref('fct_engagements') }}
    where account_key is not null

),

scored as (

    select
        engagements.account_key,
        engagements.week_start_date,
        engagements.team,
        count(*) as touch_count,
        sum(case when engagements.engagement_class = 'activity' then 1 else 0 end) as activity_count,
        sum(case when engagements.is_meeting then 1 else 0 end) as meeting_count,
        sum(engagements.duration_minutes) as minutes,
        sum(
            case
                when engagements.weight <> 0
                    then engagements.weight * {{ decay_factor(dbt.datediff('engagements.occurred_date', 'as_of.as_of_date', 'day'), 'types.half_life_days') }}
                else 0
            end
        ) as engagement_score
    from engagements
    inner join {{ ref('engagement_types') }} as types
        on engagements.engagement_type = types.engagement_type
    cross join {{ ref('as_of') }} as as_of
    group by engagements.account_key, engagements.week_start_date, engagements.team

),

people as (

    -- everybody who took part
    select account_key, week_start_date, team, person_key
    from engagements
    where person_key is not null
    union all
    select engagements.account_key, engagements.week_start_date, engagements.team, participants.person_key
    from engagements
    inner join {{ ref('int_engagement_participants') }} as participants
        on engagements.engagement_key = participants.engagement_key

),

counted as (

    select
        account_key,
        week_start_date,
        team,
        count(distinct person_key) as people_count
    from people
    group by account_key, week_start_date, team

)

select
    ---------- ids
    scored.account_key,

    ---------- strings
    scored.team,

    ---------- numerics
    cast(scored.touch_count as {{ dbt.type_int() }}) as touch_count,
    cast(scored.activity_count as {{ dbt.type_int() }}) as activity_count,
    cast(scored.meeting_count as {{ dbt.type_int() }}) as meeting_count,
    cast(coalesce(counted.people_count, 0) as {{ dbt.type_int() }}) as people_count,
    cast(coalesce(scored.minutes, 0) as {{ type_decimal(18, 2) }}) as minutes,
    -- rounded first: DuckDB casts a long decimal to fewer digits at thrice the cost
    cast(round(scored.engagement_score, 6) as {{ type_decimal(18, 6) }}) as engagement_score,

    ---------- dates
    scored.week_start_date
from scored
left join counted
    on scored.account_key = counted.account_key
    and scored.week_start_date = counted.week_start_date
    and scored.team = counted.team
