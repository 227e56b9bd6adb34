-- What an opportunity was before and after each boundary that moves pipeline: the two sides of the double entry in one row.
with

balances as (

    select * from {{ ref('int_opportunity_balances') }}

),

compared as (

    select
        opportunity_key,
        balance_number as boundary_number,
        balance_from_at as moved_at,
        {%- for column in pipeline_boundary_columns() %}
        lag({{ column }}) over (partition by opportunity_key order by balance_number) as old_{{ column }},
        {{ column }} as new_{{ column }},
        {%- endfor %}
        max(case when is_pipeline then 1 else 0 end) over (
            partition by opportunity_key order by balance_number
            rows between unbounded preceding and 1 preceding
        ) as was_pipeline
    from balances

)

select
    ---------- ids
    opportunity_key,
    boundary_number,

    ---------- strings, numerics, booleans and dates of both sides
    {%- for column in pipeline_boundary_columns() %}
    old_{{ column }},
    new_{{ column }},
    {%- endfor %}

    ---------- booleans
    boundary_number > 1 as has_before,
    coalesce(was_pipeline, 0) = 1 as was_pipeline,

    ---------- dates
    {{ business_date('moved_at') }} as movement_date,

    ---------- timestamps
    moved_at
from compared
where (old_is_pipeline or new_is_pipeline)
    -- most boundaries change a stage alone: they move no pipeline
    and (
        boundary_number = 1
        {%- for column in pipeline_boundary_columns() if column not in ['stage_category', 'is_deleted', 'is_won', 'is_lost', 'units_per_corporate'] %}
        or old_{{ column }} is distinct from new_{{ column }}
        {%- endfor %}
    )
