-- What each side says of the opportunities at the end of each month, counted by combination of answers: one reading of
-- the versions serves every pair of sides. Of a version whose past is unknown nobody can say anything.
{%- set sides = sides_of_opportunity('stood', as_of='stood.end_date') %}
with

periods as (

    select period_key, end_date, ends_at
    from {{ ref('dim_periods') }}
    where period_type = 'month' and (is_past or is_current)

),

as_of as (

    select * from {{ ref('as_of') }}

),

won as (

    select opportunity_key, won_at
    from {{ ref('fct_opportunities') }}
    where won_at is not null

),

stood as (

    select
        versions.*,
        periods.period_key,
        periods.end_date,
        case
            when won.won_at >= periods.ends_at
                and {{ business_date('won.won_at') }} <= {{ add_days('periods.end_date', var('later_outcome_days')) }}
                then 1
            else 0
        end as later_won_count
    from {{ ref('fct_opportunity_versions') }} as versions
    inner join periods
        on versions.valid_from_at < periods.ends_at
        and (versions.valid_to_at is null or versions.valid_to_at >= periods.ends_at)
    left join won
        on versions.opportunity_key = won.opportunity_key

),

answered as (

    select
        stood.period_key,
        stood.end_date,
        stood.evidence = 'unknown' as is_unknown,
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
