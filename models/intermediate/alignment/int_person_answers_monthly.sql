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

accepted as (

    select person_key, became_sal_at
    from {{ ref('int_person_funnel_moments') }}
    where became_sal_at is not null

),

primary_contacts as (

    select distinct opportunity_key, person_key
    from {{ ref('int_opportunity_person_evidence') }}
    where is_primary

),

deals as (

    select
        primary_contacts.person_key,
        opportunities.created_at,
        opportunities.won_at
    from primary_contacts
    inner join {{ ref('fct_opportunities') }} as opportunities
        on primary_contacts.opportunity_key = opportunities.opportunity_key

),

-- the first deal after each month end, and the first win; few people have any
later_deals as (

    select
        deals.person_key,
        periods.period_key,
        min(case when deals.created_at >= periods.ends_at then deals.created_at end) as opportunity_at,
        min(case when deals.won_at >= periods.ends_at then deals.won_at end) as won_at
    from deals
    inner join periods
        on deals.created_at >= periods.ends_at or deals.won_at >= periods.ends_at
    group by deals.person_key, periods.period_key

),

stood as (

    select
        versions.*,
        periods.period_key,
        periods.end_date,
        case
            when accepted.became_sal_at >= periods.ends_at
                and {{ business_date('accepted.became_sal_at') }} <= {{ add_days('periods.end_date', var('later_outcome_days')) }}
                then 1
            else 0
        end as later_accepted_count,
        case when {{ business_date('later_deals.opportunity_at') }} <= {{ add_days('periods.end_date', var('later_outcome_days')) }} then 1 else 0 end as later_opportunity_count,
        case when {{ business_date('later_deals.won_at') }} <= {{ add_days('periods.end_date', var('later_outcome_days')) }} then 1 else 0 end as later_won_count
    from {{ ref('fct_person_versions') }} as versions
    inner join periods
        on versions.valid_from_at < periods.ends_at
        and (versions.valid_to_at is null or versions.valid_to_at >= periods.ends_at)
    left join accepted
        on versions.person_key = accepted.person_key
    left join later_deals
        on versions.person_key = later_deals.person_key
        and periods.period_key = later_deals.period_key
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
