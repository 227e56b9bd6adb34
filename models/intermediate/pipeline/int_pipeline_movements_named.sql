-- The movements of every fiscal month and quarter by name, one row per entry.
with

periods as (

    select * from {{ ref('dim_periods') }}
    where period_type in ('month', 'quarter')

),

boundaries as (

    select * from {{ ref('int_pipeline_boundaries') }}

),

named as (

    {{ named_pipeline_movements('boundaries', 'periods') }}

)

select * from named
