-- Figures that stand, of which the segments do not add up to the total, a share is not its parts, months do not add up to
-- their quarter, or the pipeline is not what `agg_pipeline_periods` closes with. Report the metric and the period.
with

standing as (

    select * from {{ ref('fct_metric_results') }} where is_standing

),

totals as (

    select * from standing where slice_type = 'total'

),

segments as (

    select metric, basis, period_key, sum(metric_value) as metric_value, sum(record_count) as record_count, sum(denominator_value) as denominator_value
    from standing
    where slice_type = 'segment'
    group by metric, basis, period_key

),

closing as (

    select period_key, sum(closing_corporate_amount) as closing_corporate_amount, sum(closing_count) as closing_count
    from {{ ref('agg_pipeline_periods') }}
    where pipeline_scope = 'all'
    group by period_key

),

-- a month without anything to count has no figure, and is nought
quarters as (

    select quarters.period_key, months.metric, months.basis, sum(months.metric_value) as metric_value
    from {{ ref('dim_periods') }} as quarters
    inner join {{ ref('dim_periods') }} as periods
        on quarters.fiscal_year = periods.fiscal_year
        and quarters.fiscal_quarter = periods.fiscal_quarter
        and quarters.period_type = 'quarter'
        and periods.period_type = 'month'
    inner join totals as months
        on periods.period_key = months.period_key
    where months.additivity = 'additive'
    group by quarters.period_key, months.metric, months.basis

)

select totals.metric, totals.basis, totals.period_key, 'segments do not add up' as finding
from totals
left join segments
    on totals.metric = segments.metric
    and totals.basis = segments.basis
    and totals.period_key = segments.period_key
where totals.record_count is distinct from segments.record_count
    or totals.denominator_value is distinct from segments.denominator_value
    or (totals.additivity <> 'non-additive' and totals.metric_value is distinct from segments.metric_value)

union all

select metric, basis, period_key, 'a share is not its parts' as finding
from standing
where unit = 'share'
    and (
        numerator_value > denominator_value
        or abs(coalesce(metric_value, 0) * denominator_value - numerator_value) > 0.00005 * denominator_value
        or (metric_value is null) <> (denominator_value = 0)
    )

union all

select totals.metric, totals.basis, totals.period_key, 'months do not add up' as finding
from quarters
inner join totals
    on quarters.period_key = totals.period_key
    and quarters.metric = totals.metric
    and quarters.basis = totals.basis
where quarters.metric_value <> totals.metric_value

union all

select totals.metric, totals.basis, totals.period_key, 'the pipeline is not the closing one' as finding
from totals
left join closing
    on totals.period_key = closing.period_key
where totals.metric in ('pipeline_amount', 'pipeline_count')
    and totals.metric_value <> coalesce(case when totals.metric = 'pipeline_amount' then closing.closing_corporate_amount else closing.closing_count end, 0)
