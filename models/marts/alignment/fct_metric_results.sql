-- A figure stands until the next row of its metric, basis, period and slice: a run adds one only where it says something
-- else, and takes back what it cannot say any more.
{%- set key = ['metric', 'basis', 'period_key', 'slice_type', 'slice_name'] %}
{%- set said = ['metric_name', 'term', 'definitions', 'unit', 'additivity', 'currency_code', 'version', 'metric_value', 'numerator_value', 'denominator_value', 'record_count', 'rate_missing_count', 'unknown_count'] %}
with

as_of as (

    select * from {{ ref('as_of') }}

),

told as (

    select * from {{ ref('int_metric_figures') }}

),

published as (

    select
        *,
        row_number() over (partition by {{ key | join(', ') }} order by run_id desc) as nth_newest
    from {{ ref('int_metric_results_published') }}

),

standing as (

    select * from published where nth_newest = 1 and not is_withdrawn

),

results as (

    select {{ (key + said) | join(', ') }}, as_of_date, run_id, is_withdrawn
    from published

    union all

    select
        {%- for name in key + said %}
        told.{{ name }},
        {%- endfor %}
        told.as_of_date, {{ run_id() }} as run_id, false as is_withdrawn
    from told
    left join standing
        on {% for name in key %}told.{{ name }} = standing.{{ name }}{{ '\n        and ' if not loop.last }}{% endfor %}
    where standing.run_id is null
        {%- for name in said %}
        or told.{{ name }} is distinct from standing.{{ name }}
        {%- endfor %}

    union all

    select
        {%- for name in key + said[:7] %}
        standing.{{ name }},
        {%- endfor %}
        null as metric_value, null as numerator_value, null as denominator_value, 0 as record_count, 0 as rate_missing_count, 0 as unknown_count,
        as_of.as_of_date, {{ run_id() }} as run_id, true as is_withdrawn
    from standing
    cross join as_of
    left join told
        on {% for name in key %}standing.{{ name }} = told.{{ name }}{{ '\n        and ' if not loop.last }}{% endfor %}
    where told.metric is null

)

select
    ---------- ids
    {%- for name in key %}
    results.{{ name }},
    {%- endfor %}
    results.run_id,

    ---------- strings
    {%- for name in ['metric_name', 'term', 'definitions', 'unit', 'additivity', 'currency_code'] %}
    results.{{ name }},
    {%- endfor %}

    ---------- numerics
    {%- for name in ['version', 'metric_value', 'numerator_value', 'denominator_value', 'record_count', 'rate_missing_count', 'unknown_count'] %}
    results.{{ name }},
    {%- endfor %}

    ---------- booleans
    results.is_withdrawn,
    not results.is_withdrawn and row_number() over (partition by {{ key | join(', ') }} order by results.run_id desc) = 1 as is_standing,

    ---------- dates
    results.as_of_date
from results
