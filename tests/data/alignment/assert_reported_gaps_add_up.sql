-- Numbers of teams that are lost or doubled, whose four parts do not add up to the difference, that have an unknown part
-- without its name, or beside which stands another official figure than was published. Report the number by its id.
with

gaps as (

    select * from {{ ref('fct_reported_metric_gaps') }}

),

published as (

    select metric, period_key, metric_value
    from {{ ref('fct_metric_results') }}
    where is_standing
        and basis = 'in_force_then'
        and slice_type = 'total'

)

select report_id, 'parts do not add up' as finding
from gaps
where difference is distinct from reported_value - official_value
    or (
        difference is not null
        and difference <> coalesce(definition_difference, 0) + coalesce(timing_difference, 0) + coalesce(scope_difference, 0) + unexplained_difference
    )

union all

select report_id, 'an unknown part without its name' as finding
from gaps
where rejection_reason is null
    and (
        (definition_difference is null) <> (unknown_parts like '%definition%')
        or (timing_difference is null) <> (unknown_parts like '%timing%')
        or (scope_difference is null) <> (unknown_parts like '%scope%')
    )

union all

select gaps.report_id, 'another official figure than was published' as finding
from gaps
left join published
    on gaps.metric = published.metric
    and gaps.period_key = published.period_key
where gaps.rejection_reason is null
    and gaps.official_value is distinct from published.metric_value
    and not (published.metric is null and coalesce(gaps.official_value, 0) = 0)

union all

select reported.report_id, 'lost' as finding
from {{ ref('reported_metrics') }} as reported
left join gaps
    on reported.report_id = gaps.report_id
where gaps.report_id is null
