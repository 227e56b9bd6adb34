-- Who is for the first time what a term means, by the period in which it happens and by segment. By the shared meaning in
-- force then and by each team's own; restated by today's where it ever changed.
{%- set counted = metric_sides(
    metrics_of_person('versions', as_of='versions.valid_from_at'), metrics_of_person('versions', as_of='as_of.as_of_date')
) %}
with

versions as (

    select * from {{ ref('fct_person_versions') }}

),

as_of as (

    select * from {{ ref('as_of') }}

),

reports as (

    select distinct period_key, reported_date
    from {{ ref('int_reported_metrics') }}
    where rejection_reason is null

),

-- on the day on which a team reported a number nobody had come after its end
moments as (

    select period_key, cast(null as date) as reported_date, starts_at, ends_at
    from {{ ref('dim_periods') }}
    where period_type in ('month', 'quarter') and (is_past or is_current)

    union all

    select
        periods.period_key, reports.reported_date, periods.starts_at,
        {{ earlier_of('periods.ends_at', business_day_start(add_days('reports.reported_date', 1))) }} as ends_at
    from reports
    inner join {{ ref('dim_periods') }} as periods
        on reports.period_key = periods.period_key

),

firsts as (

    select
        versions.person_key,
        min(versions.segment) as segment,
        {%- for one in counted %}
        min(case when {{ one.yes }} then versions.valid_from_at end) as first_at_{{ loop.index }},
        {%- endfor %}
        max(case when versions.evidence = 'unknown' then versions.valid_to_at end) as unknown_until_at
    from versions
    cross join as_of
    group by versions.person_key

)

{% for one in counted -%}
select
    ---------- ids
    '{{ one.metric.metric }}' as metric,
    '{{ one.basis }}' as basis,
    '{{ one.side }}' as side,
    moments.period_key,

    ---------- strings
    firsts.segment,

    ---------- numerics
    cast(count(*) as {{ type_decimal(20, 2) }}) as numerator_value,
    cast(null as {{ type_decimal(20, 2) }}) as denominator_value,
    count(*) as record_count,
    0 as rate_missing_count,
    sum(case when firsts.first_at_{{ loop.index }} = firsts.unknown_until_at then 1 else 0 end) as unknown_count,

    ---------- dates
    moments.reported_date
from firsts
inner join moments
    on firsts.first_at_{{ loop.index }} >= moments.starts_at
    and firsts.first_at_{{ loop.index }} < moments.ends_at
group by moments.period_key, moments.reported_date, firsts.segment
{{ 'union all' if not loop.last }}
{% endfor %}
