-- Closing pipeline in corporate currency, worked out anew: what the versions hold on the last day of a fiscal quarter, each amount
-- at the rate of that day (of the as-of date where the quarter still runs), against what `agg_pipeline_periods` says. No
-- balances, no cut ranges: one look-up of the rate a version and day. What has no rate is counted, not summed.
with

quarters as (

    select
        periods.period_key, periods.start_date, periods.next_start_date, periods.ends_at,
        {{ earlier_of('periods.end_date', 'as_of.as_of_date') }} as rate_date
    from {{ ref('dim_periods') }} as periods
    cross join {{ ref('as_of') }} as as_of
    where periods.period_type = 'quarter'
        and periods.start_date <= as_of.as_of_date

),

standing as (

    select
        quarters.period_key, quarters.rate_date, versions.source_system, versions.source_instance, versions.account_key,
        versions.owner_user_key, versions.segment, versions.currency_code, versions.amount,
        coalesce(versions.close_date >= quarters.start_date and versions.close_date < quarters.next_start_date, false) as is_due
    from quarters
    inner join {{ ref('fct_opportunity_versions') }} as versions
        on versions.valid_from_at < quarters.ends_at
        and (versions.valid_to_at is null or versions.valid_to_at >= quarters.ends_at)
    where versions.is_pipeline

),

converted as (

    select
        standing.period_key, standing.is_due, standing.account_key, standing.owner_user_key, standing.segment, standing.currency_code,
        cast(round(standing.amount / rates.units_per_corporate, 2) as {{ type_decimal(18, 2) }}) as corporate_amount,
        case when standing.amount is not null and rates.units_per_corporate is null then 1 else 0 end as without_rate
    from standing
    left join {{ ref('int_exchange_rates') }} as rates
        on standing.source_system = rates.source_system
        and standing.source_instance = rates.source_instance
        and standing.currency_code = rates.currency_code
        and standing.rate_date >= rates.valid_from_date
        and standing.rate_date < rates.valid_to_date

),

sides as (

    select
        period_key, 'all' as pipeline_scope, account_key, owner_user_key, segment, currency_code,
        coalesce(corporate_amount, 0) as amount_left, without_rate as without_rate_left
    from converted
    union all
    select
        period_key, 'due' as pipeline_scope, account_key, owner_user_key, segment, currency_code,
        coalesce(corporate_amount, 0) as amount_left, without_rate as without_rate_left
    from converted
    where is_due
    union all
    select
        published.period_key, published.pipeline_scope, published.account_key, published.owner_user_key, published.segment, published.currency_code,
        -published.closing_corporate_amount as amount_left, -published.closing_rate_missing_count as without_rate_left
    from {{ ref('agg_pipeline_periods') }} as published
    inner join quarters
        on published.period_key = quarters.period_key

)

select
    period_key, pipeline_scope, account_key, owner_user_key, segment, currency_code,
    sum(amount_left) as amount_left, sum(without_rate_left) as without_rate_left
from sides
group by period_key, pipeline_scope, account_key, owner_user_key, segment, currency_code
having sum(amount_left) <> 0
    or sum(without_rate_left) <> 0
