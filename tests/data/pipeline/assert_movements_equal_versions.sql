-- The double entry against the versions themselves: what stands at the end of each fiscal quarter by the sum of all entries so far
-- is what the versions say, per slice, in record currency and in number.
with

movements as (

    select * from {{ ref('fct_pipeline_movements') }}

),

versions as (

    select * from {{ ref('fct_opportunity_versions') }}

),

quarters as (

    select periods.period_key, periods.ends_at
    from {{ ref('dim_periods') }} as periods
    cross join {{ ref('as_of') }} as as_of
    where periods.period_type = 'quarter'
        and periods.start_date <= as_of.as_of_date
        and periods.fiscal_year >= extract(year from as_of.as_of_date) - 4

),

entries as (

    select moved_at, stage_category, owner_user_key, currency_code, is_pipeline, opportunity_count, amount
    from movements

),

sides as (

    select
        quarters.period_key, entries.stage_category, entries.owner_user_key, entries.currency_code, entries.is_pipeline,
        entries.opportunity_count as number_left, entries.amount as amount_left
    from quarters
    inner join entries
        on entries.moved_at < quarters.ends_at
    union all
    select
        quarters.period_key, versions.stage_category, versions.owner_user_key, versions.currency_code, versions.is_pipeline,
        -1 as number_left, -coalesce(versions.amount, 0) as amount_left
    from quarters
    inner join versions
        on versions.valid_from_at < quarters.ends_at
        and (versions.valid_to_at is null or versions.valid_to_at >= quarters.ends_at)

)

select period_key, stage_category, owner_user_key, currency_code, is_pipeline, sum(number_left) as number_left, sum(amount_left) as amount_left
from sides
group by period_key, stage_category, owner_user_key, currency_code, is_pipeline
having sum(number_left) <> 0
    or sum(amount_left) <> 0
