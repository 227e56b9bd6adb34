-- What this run says for each metric, basis, period and slice: every figure that there has to be, whether or not it was said before.
{%- set metrics = metrics_of_opportunity('stood', as_of='judged.judged_date') + metrics_of_person('versions', as_of='judged.judged_date') %}
{%- set key = ['metric', 'basis', 'period_key', 'slice_type', 'slice_name'] %}
{%- set counts = ['record_count', 'rate_missing_count', 'unknown_count'] %}
with

as_of as (

    select * from {{ ref('as_of') }}

),

currencies as (

    select coalesce(max(corporate_currency_code), max(only_currency_code)) as currency_code
    from {{ ref('int_corporate_currencies') }}

),

counted as (

    select * from {{ ref('int_opportunity_metric_values') }} where side = 'shared' and reported_date is null
    union all
    select * from {{ ref('int_person_metric_values') }} where side = 'shared' and reported_date is null

),

-- a typing error in a close date makes one period of its own, not all between
periods as (

    select period_key, end_date
    from {{ ref('dim_periods') }}
    where period_key in (select period_key from counted)

),

slices as (

    select 'total' as slice_type, 'all' as slice_name
    union all
    select 'segment' as slice_type, 'none' as slice_name
    union all
    select 'segment' as slice_type, segment as slice_name from {{ ref('account_segments') }}

),

sliced as (

    select
        metric, basis, period_key, 'segment' as slice_type, coalesce(segment, 'none') as slice_name,
        numerator_value, denominator_value, {{ counts | join(', ') }}
    from counted

    union all

    select
        metric, basis, period_key, 'total' as slice_type, 'all' as slice_name,
        sum(numerator_value) as numerator_value, sum(denominator_value) as denominator_value
        {%- for name in counts %}, sum({{ name }}) as {{ name }}{% endfor %}
    from counted
    group by metric, basis, period_key

),

judged as (

    {% for basis, day in [('in_force_then', earlier_of('periods.end_date', 'as_of.as_of_date')), ('restated', 'as_of.as_of_date')] -%}
    select periods.period_key, as_of.as_of_date, '{{ basis }}' as basis, {{ day }} as judged_date
    from periods
    cross join as_of
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- every figure that there has to be: none counted is nought
wanted as (

    {% for metric in metrics -%}
    select
        '{{ metric.metric }}' as metric, judged.basis, judged.period_key, slices.slice_type, slices.slice_name, judged.as_of_date,
        '{{ metric.name }}' as metric_name, '{{ metric.term }}' as term, cast({{ metric.version }} as {{ dbt.type_int() }}) as version,
        {{ metric.definitions }} as definitions, '{{ metric.unit }}' as unit, '{{ metric.additivity }}' as additivity,
        {{ 'currencies.currency_code' if metric.unit == 'amount' else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as currency_code
    from judged
    cross join slices
    cross join currencies
    {% if metric.version_count == 1 %}where judged.basis = 'in_force_then'{% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    ---------- ids
    {%- for name in key %}
    wanted.{{ name }},
    {%- endfor %}

    ---------- strings
    {%- for name in ['metric_name', 'term', 'definitions', 'unit', 'additivity', 'currency_code'] %}
    wanted.{{ name }},
    {%- endfor %}

    ---------- numerics
    wanted.version,
    case
        when wanted.unit = 'share' then {{ safe_divide('sliced.numerator_value', 'sliced.denominator_value', 20, 4) }}
        else cast(coalesce(sliced.numerator_value, 0) as {{ type_decimal(20, 4) }})
    end as metric_value,
    {%- for name in ['numerator_value', 'denominator_value'] %}
    cast(case when wanted.unit = 'share' then coalesce(sliced.{{ name }}, 0) end as {{ type_decimal(20, 2) }}) as {{ name }},
    {%- endfor %}
    {%- for name in counts %}
    cast(coalesce(sliced.{{ name }}, 0) as {{ dbt.type_int() }}) as {{ name }},
    {%- endfor %}

    ---------- dates
    wanted.as_of_date
from wanted
left join sliced
    on {% for name in key %}wanted.{{ name }} = sliced.{{ name }}{{ '\n    and ' if not loop.last }}{% endfor %}
