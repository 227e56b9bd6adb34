-- Numbers that teams reported, read and held against what there is. A row that cannot be used says why; none is left out.
{%- set metrics = metrics_of_opportunity('stood') + metrics_of_person('versions') %}
with

reported as (

    select * from {{ ref('reported_metrics') }}

),

as_of as (

    select * from {{ ref('as_of') }}

),

periods as (

    select period_key, end_date
    from {{ ref('dim_periods') }}
    where period_type in ('month', 'quarter') and (is_past or is_current)

),

metrics as (

    {% for metric in metrics -%}
    select '{{ metric.metric }}' as metric, '{{ metric.name }}' as metric_name, '{{ metric.term }}' as term, '{{ metric.unit }}' as unit, '{{ metric.taken }}' as taken
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

sides as (

    {% for metric in metrics -%}
    {%- set metric_loop = loop -%}
    {% for side in metric.sides -%}
    select '{{ metric.metric }}' as metric, '{{ side.side }}' as side, '{{ side.team }}' as team
    {{ 'union all' if not (loop.last and metric_loop.last) }}
    {% endfor -%}
    {% endfor %}
),

read as (

    select
        reported.report_id,
        reported.team,
        reported.metric,
        reported.period_key,
        reported.definition,
        reported.scope,
        reported.segment,
        reported.note,
        {{ try_decimal('reported.reported_value', 20, 4) }} as reported_value,
        {{ try_date('reported.reported_on') }} as reported_date
    from reported

)

select
    ---------- ids
    read.report_id,
    read.metric,
    read.period_key,

    ---------- strings
    read.team,
    metrics.metric_name,
    metrics.term,
    metrics.unit,
    metrics.taken,
    read.definition,
    read.scope,
    read.segment,
    read.note,
    case
        when read.team is null or read.team not in ('marketing', 'sales', 'customer_success', 'other') then 'unknown team'
        when metrics.metric is null then 'unknown metric'
        when periods.period_key is null then 'unknown period'
        when read.reported_value is null then 'value is no number'
        when read.reported_date is null then 'no day'
        when read.reported_date > as_of.as_of_date then 'day to come'
        when read.scope is null or read.scope not in ('all', 'only', 'without') then 'unknown scope'
        when read.scope = 'all' and read.segment is not null then 'a segment without a scope'
        when read.scope <> 'all' and segments.segment is null then 'unknown segment'
        when read.definition is null or (read.definition <> 'own' and sides.side is null) then 'unknown definition'
        when sides.team not in ('shared', read.team) then 'definition of another team'
    end as rejection_reason,

    ---------- numerics
    read.reported_value,

    ---------- dates
    read.reported_date,
    periods.end_date
from read
cross join as_of
left join metrics
    on read.metric = metrics.metric
left join periods
    on read.period_key = periods.period_key
left join {{ ref('account_segments') }} as segments
    on read.segment = segments.segment
left join sides
    on read.metric = sides.metric
    and read.definition = sides.side
