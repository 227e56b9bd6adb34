-- What the definitions of accounts look at: engagement in the thirty days up to the as-of date. An activity of several
-- people counts once for each of them (each of them did it), one of nobody known counts once.
with

engagements as (

    select
        engagements.engagement_key,
        engagements.account_key,
        engagements.person_key,
        engagements.engagement_class,
        engagements.team,
        engagements.occurred_date
    from {{ ref('fct_engagements') }} as engagements
    cross join {{ ref('as_of') }} as as_of
    where engagements.account_key is not null
        and {{ dbt.datediff('engagements.occurred_date', 'as_of.as_of_date', 'day') }} between 0 and 29

),

activities as (

    select
        engagements.account_key,
        coalesce(participants.person_key, engagements.person_key) as person_key
    from engagements
    left join {{ ref('int_engagement_participants') }} as participants
        on engagements.engagement_key = participants.engagement_key
    where engagements.engagement_class = 'activity'

),

acted as (

    select
        account_key,
        count(*) as touches_30d,
        count(distinct person_key) as people_30d
    from activities
    group by account_key

),

touched as (

    select
        account_key,
        count(*) as all_touches_30d,
        sum(case when team = 'sales' then 1 else 0 end) as sales_touches_30d,
        max(occurred_date) as last_touch_date
    from engagements
    group by account_key

)

select
    touched.account_key,
    coalesce(acted.touches_30d, 0) as touches_30d,
    coalesce(acted.people_30d, 0) as people_30d,
    touched.sales_touches_30d,
    touched.all_touches_30d,
    touched.last_touch_date
from touched
left join acted
    on touched.account_key = acted.account_key
