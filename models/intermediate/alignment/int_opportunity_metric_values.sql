-- What counts for each metric about opportunities, by segment: what stands when a period ends, and what closes in it as
-- it is known now. By the shared meaning in force then and by each team's own; restated by today's where it ever changed.
{%- set counted = metric_sides(
    metrics_of_opportunity('stood', as_of='stood.judged_date'), metrics_of_opportunity('stood', as_of='stood.as_of_date')
) %}
with

balances as (

    select
        opportunity_key, segment, stage_category, stage_name, forecast_category, opportunity_type, probability, amount, corporate_amount,
        is_deleted, close_date, evidence, balance_from_at,
        coalesce(balance_to_at, cast({{ far_date() }} as {{ dbt.type_timestamp() }})) as balance_to_at
    from {{ ref('int_opportunity_balances') }}

),

as_of as (

    select * from {{ ref('as_of') }}

),

reports as (

    select distinct period_key, reported_date
    from {{ ref('int_reported_metrics') }}
    where rejection_reason is null

),

-- a period has two moments, its end and now; on the day on which a team reported a number both are the end of that day
moments as (

    select
        period_key, cast(null as date) as reported_date, start_date, end_date, next_start_date, ends_at,
        cast({{ far_date() }} as {{ dbt.type_timestamp() }}) as now_at
    from {{ ref('dim_periods') }}
    where period_type in ('month', 'quarter') and (is_past or is_current)

    union all

    select
        periods.period_key, reports.reported_date, periods.start_date, periods.end_date, periods.next_start_date,
        {{ business_day_start(add_days('reports.reported_date', 1)) }} as ends_at,
        {{ business_day_start(add_days('reports.reported_date', 1)) }} as now_at
    from reports
    inner join {{ ref('dim_periods') }} as periods
        on reports.period_key = periods.period_key

),

-- The periods of each day on which something closes: found once for the day, so that the wide rows are joined by equality.
closing_days as (

    select distinct close_date from balances

),

days_in_periods as (

    select closing_days.close_date, moments.period_key, moments.reported_date, moments.now_at
    from closing_days
    inner join moments
        on closing_days.close_date >= moments.start_date and closing_days.close_date < moments.next_start_date

),

stood_period_end as (

    select
        balances.*, moments.period_key, moments.reported_date, as_of.as_of_date,
        {{ earlier_of('moments.end_date', 'as_of.as_of_date') }} as judged_date
    from balances
    inner join moments
        on balances.balance_from_at < moments.ends_at and balances.balance_to_at >= moments.ends_at
    cross join as_of

),

stood_close_date as (

    select
        balances.*, days_in_periods.period_key, days_in_periods.reported_date, as_of.as_of_date,
        balances.close_date as judged_date
    from balances
    inner join days_in_periods
        on balances.close_date = days_in_periods.close_date
        and balances.balance_from_at < days_in_periods.now_at and balances.balance_to_at >= days_in_periods.now_at
    cross join as_of

),

{% for taken in ['period_end', 'close_date'] -%}
summed_{{ taken }} as (

    select
        stood.period_key,
        stood.reported_date,
        stood.segment,
        {%- for one in counted if one.metric.taken == taken %}
        sum(case when {{ one.yes }} then 1 else 0 end) as record_count_{{ one.number }},
        {%- if one.metric.unit == 'amount' %}
        sum(case when {{ one.yes }} then coalesce(stood.corporate_amount, 0) else 0 end) as amount_{{ one.number }},
        sum(case when {{ one.yes }} and stood.amount is not null and stood.corporate_amount is null then 1 else 0 end) as rate_missing_count_{{ one.number }},
        {%- elif one.metric.unit == 'share' %}
        sum(case when {{ one.whole }} then 1 else 0 end) as whole_count_{{ one.number }},
        {%- endif %}
        {%- endfor %}
        sum(case when stood.evidence = 'unknown' then 1 else 0 end) as unknown_count
    from stood_{{ taken }} as stood
    group by stood.period_key, stood.reported_date, stood.segment

){{ ',' if not loop.last }}

{% endfor %}
{%- for one in counted -%}
{%- set is_amount = one.metric.unit == 'amount' %}
select
    ---------- ids
    '{{ one.metric.metric }}' as metric,
    '{{ one.basis }}' as basis,
    '{{ one.side }}' as side,
    period_key,

    ---------- strings
    segment,

    ---------- numerics
    cast({{ 'amount_' if is_amount else 'record_count_' }}{{ one.number }} as {{ type_decimal(20, 2) }}) as numerator_value,
    cast({{ 'whole_count_' ~ one.number if one.metric.unit == 'share' else 'null' }} as {{ type_decimal(20, 2) }}) as denominator_value,
    record_count_{{ one.number }} as record_count,
    {{ 'rate_missing_count_' ~ one.number if is_amount else '0' }} as rate_missing_count,
    unknown_count,

    ---------- dates
    reported_date
from summed_{{ one.metric.taken }}
{{ 'union all' if not loop.last }}
{% endfor %}
