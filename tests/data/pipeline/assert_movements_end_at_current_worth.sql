-- All entries of an opportunity add up to what it is now: in number, in record currency and, at the rate of its basis, in corporate currency.
with

movements as (

    select
        opportunity_key,
        sum(opportunity_count) as opportunity_count,
        sum(amount) as amount,
        sum(corporate_amount) as corporate_amount,
        count(distinct boundary_number) as boundaries,
        max(boundary_number) as last_boundary
    from {{ ref('fct_pipeline_movements') }}
    group by opportunity_key

),

opportunities as (

    select * from {{ ref('fct_opportunities') }}

)

select opportunities.opportunity_key
from opportunities
left join movements
    on opportunities.opportunity_key = movements.opportunity_key
where movements.opportunity_key is null
    or movements.opportunity_count <> 1
    or movements.amount <> coalesce(opportunities.amount, 0)
    or coalesce(movements.corporate_amount, 0) <> coalesce(opportunities.corporate_amount, 0)
    or movements.boundaries <> movements.last_boundary
