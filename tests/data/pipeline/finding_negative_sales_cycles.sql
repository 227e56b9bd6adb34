-- Won before it was created: a migrated or mistyped date. Leave these out of cycle times.
{{ config(error_if=finding_ceiling('negative_sales_cycles')) }}
with

cycles as (

    select opportunity_key, sales_cycle_days, count(*) over () as population
    from {{ ref('fct_opportunities') }}
    where sales_cycle_days is not null

)

select opportunity_key, population
from cycles
where sales_cycle_days < 0
