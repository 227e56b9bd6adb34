-- What each side says of people at the end of each month, counted by combination of answers. Of a state that no record
-- tells nobody can say anything.
{%- set sides = sides_of_person('stood', as_of='stood.end_date') %}
with

periods as (

    select period_key, end_date, ends_at
    from {{ ref('dim_periods') }}
    where period_type = 'month' and (is_past or is_current)

),

as_of as (

    select * from {{ ref('as_of') }}

),

primary_contacts as (

    select distinct opportunity_key, person_key
    from {{ ref('int_opportunity_person_evidence') }}
    where is_primary

),

deals as (

    select primary_contacts.person_key, opportunities.created_at, opportunities.won_at
    from primary_contacts
    inner join {{ ref('fct_opportunities') }} as opportunities
        on primary_contacts.opportunity_key = opportunities.opportunity_key

),

outcomes as (

    select person_key, {{ business_date('became_sal_at') }} as outcome_date, 1 as accepted, 0 as opportunity, 0 as won
    from {{ ref('int_person_funnel_moments') }}
    union all
    select person_key, {{ business_date('created_at') }} as outcome_date, 0 as accepted, 1 as opportunity, 0 as won
    from deals
    union all
    select person_key, {{ business_date('won_at') }} as outcome_date, 0 as accepted, 0 as opportunity, 1 as won
    from deals

),

outcome_days as (

    select distinct outcome_date from outcomes

),

-- the month ends that a day comes soon after: found once for the day, so that people are joined by equality
later_days as (

    select outcome_days.outcome_date, periods.period_key
    from outcome_days
    inner join periods
        on outcome_days.outcome_date > periods.end_date
        and outcome_days.outcome_date <= {{ add_days('periods.end_date', var('later_outcome_days')) }}

),

-- what came of a person; few people have any of it
later as (

    select
        outcomes.person_key,
        later_days.period_key,
        max(outcomes.accepted) as accepted_count,
        max(outcomes.opportunity) as opportunity_count,
        max(outcomes.won) as won_count
    from outcomes
    inner join later_days
        on outcomes.outcome_date = later_days.outcome_date
    group by outcomes.person_key, later_days.period_key

),

stood as (

    select
        versions.*,
        periods.period_key,
        periods.end_date,
        coalesce(later.accepted_count, 0) as later_accepted_count,
        coalesce(later.opportunity_count, 0) as later_opportunity_count,
        coalesce(later.won_count, 0) as later_won_count
    from {{ ref('fct_person_versions') }} as versions
    inner join periods
        on versions.valid_from_at < periods.ends_at
        and coalesce(versions.valid_to_at, cast({{ far_date() }} as {{ dbt.type_timestamp() }})) >= periods.ends_at
    left join later
        on versions.person_key = later.person_key
        and periods.period_key = later.period_key
    where not versions.is_deleted

),

answered as (

    select
        stood.period_key,
        stood.end_date,
        stood.evidence = 'unknown' as is_unknown,
        stood.later_accepted_count,
        stood.later_opportunity_count,
        stood.later_won_count
        {%- for side in sides %},
        {{ side.yes }} as answer_{{ loop.index0 }}
        {%- endfor %}
    from stood

)

select
    answered.period_key,
    answered.end_date,
    answered.is_unknown,
    {{ add_days('answered.end_date', var('later_outcome_days')) }} <= as_of.as_of_date as is_outcome_known,
    {%- for side in sides %}
    answered.answer_{{ loop.index0 }},
    {%- endfor %}
    count(*) as record_count,
    sum(answered.later_accepted_count) as later_accepted_count,
    sum(answered.later_opportunity_count) as later_opportunity_count,
    sum(answered.later_won_count) as later_won_count
from answered
cross join as_of
group by
    answered.period_key,
    answered.end_date,
    answered.is_unknown,
    as_of.as_of_date
    {%- for side in sides %},
    answered.answer_{{ loop.index0 }}
    {%- endfor %}
