-- Opportunities whose recorded history ends elsewhere than their current row: a change was not loaded or not tracked.
{{ config(error_if=finding_ceiling('history_gaps')) }}
with

opportunities as (

    select opportunity_key, max(case when is_history_gap then 1 else 0 end) as has_gap, count(*) over () as population
    from {{ ref('fct_opportunity_versions') }}
    group by opportunity_key

)

select opportunity_key, population
from opportunities
where has_gap = 1
