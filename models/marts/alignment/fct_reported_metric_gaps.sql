-- From the official figure to a team's number in steps of a fixed order, each taken from where the one before it ended: the
-- team's definition on the same records and day, then the day it was made, then what it leaves out. What no step explains is shown.
{%- set steps = {
    'official': "side = 'shared' and reported_date is null",
    'defined': 'side = told_side and reported_date is null',
    'timed': 'side = told_side and reported_date is not null',
    'scoped': 'side = told_side and reported_date is not null and is_in_scope',
} %}
{%- set told = [
    'report_id', 'metric', 'period_key', 'team', 'metric_name', 'term', 'unit', 'definition', 'scope', 'segment', 'note', 'rejection_reason',
    'reported_value', 'reported_date', 'end_date'
] %}
with

-- who counts in a way that nobody wrote down is held against the shared version
told as (

    select
        *,
        case when definition = 'own' then 'shared' else definition end as side
    from {{ ref('int_reported_metrics') }}

),

counted as (

    select * from {{ ref('int_opportunity_metric_values') }} where basis = 'in_force_then'
    union all
    select * from {{ ref('int_person_metric_values') }} where basis = 'in_force_then'

),

placed as (

    select
        told.report_id, told.side as told_side, counted.side, counted.reported_date, counted.numerator_value, counted.denominator_value,
        case when told.taken <> 'first_time' then counted.unknown_count else 0 end as unknown_count,
        told.scope = 'all' or (told.scope = 'only') = coalesce(counted.segment = told.segment, false) as is_in_scope
    from told
    inner join counted
        on told.metric = counted.metric
        and told.period_key = counted.period_key
        and counted.side in ('shared', told.side)
        and (counted.reported_date is null or counted.reported_date = told.reported_date)
    where told.rejection_reason is null

),

summed as (

    select
        report_id,
        {%- for step, rows in steps.items() %}
        sum(case when {{ rows }} then numerator_value end) as {{ step }}_numerator,
        sum(case when {{ rows }} then denominator_value end) as {{ step }}_denominator,
        {%- endfor %}
        sum(case when reported_date is not null then unknown_count else 0 end) as unknown_count
    from placed
    group by report_id

),

valued as (

    select
        {%- for name in told %}
        told.{{ name }},
        {%- endfor %}
        {%- for step in steps %}
        case
            when told.unit = 'share' then {{ safe_divide('summed.' ~ step ~ '_numerator', 'summed.' ~ step ~ '_denominator', 20, 4) }}
            else cast(coalesce(summed.{{ step }}_numerator, 0) as {{ type_decimal(20, 4) }})
        end as {{ step }}_value,
        {%- endfor %}
        told.definition <> 'own' as is_definition_known,
        coalesce(summed.unknown_count, 0) = 0 as is_history_known
    from told
    left join summed
        on told.report_id = summed.report_id

),

parted as (

    select
        {%- for name in told %}
        {{ name }},
        {%- endfor %}
        official_value,
        reported_value - official_value as difference,
        case when is_definition_known then defined_value - official_value end as definition_difference,
        case when is_history_known then timed_value - defined_value end as timing_difference,
        case when is_history_known then scoped_value - timed_value end as scope_difference
    from valued

)

select
    ---------- ids
    parted.report_id,
    parted.metric,
    parted.period_key,

    ---------- strings
    parted.team,
    parted.metric_name,
    parted.term,
    parted.unit,
    parted.definition,
    parted.scope,
    parted.segment,
    parted.note,
    case
        when parted.rejection_reason is null then substring(
            {%- for part in ['definition', 'timing', 'scope'] %}
            case when parted.{{ part }}_difference is null then ', {{ part }}' else '' end{{ ' ||' if not loop.last }}
            {%- endfor %}
            || '', 3)
    end as unknown_parts,
    parted.rejection_reason,

    ---------- numerics
    {%- for name in ['reported_value', 'official_value', 'difference', 'definition_difference', 'timing_difference', 'scope_difference'] %}
    cast({{ "case when parted.rejection_reason is null then parted." ~ name ~ " end" }} as {{ type_decimal(20, 4) }}) as {{ name }},
    {%- endfor %}
    cast(case
        when parted.rejection_reason is null
            then parted.difference - coalesce(parted.definition_difference, 0) - coalesce(parted.timing_difference, 0) - coalesce(parted.scope_difference, 0)
    end as {{ type_decimal(20, 4) }}) as unexplained_difference,

    ---------- dates
    parted.reported_date,
    parted.end_date
from parted
