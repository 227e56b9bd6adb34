-- Opening pipeline plus the named movements is closing pipeline: per period, scope and slice, in both currencies and in number.
with

standing as (

    select * from {{ ref('agg_pipeline_periods') }}

),

movements as (

    select * from {{ ref('agg_pipeline_movements') }}

),

slices as (

    select
        period_key, pipeline_scope, account_key, owner_user_key, segment, currency_code,
        closing_count - opening_count as number_left, closing_amount - opening_amount as amount_left,
        closing_corporate_amount - opening_corporate_amount as corporate_amount_left
    from standing
    union all
    select
        period_key, pipeline_scope, account_key, owner_user_key, segment, currency_code,
        -opportunity_count as number_left, -amount as amount_left, -corporate_amount as corporate_amount_left
    from movements

)

select
    period_key, pipeline_scope, account_key, owner_user_key, segment, currency_code,
    sum(number_left) as number_left, sum(amount_left) as amount_left, sum(corporate_amount_left) as corporate_amount_left
from slices
group by period_key, pipeline_scope, account_key, owner_user_key, segment, currency_code
having sum(number_left) <> 0
    or sum(amount_left) <> 0
    or sum(corporate_amount_left) <> 0
