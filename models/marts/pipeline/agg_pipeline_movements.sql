with

movements as (

    select * from {{ ref('int_pipeline_movements_named') }}

)

select
    ---------- ids
    movements.period_key,
    movements.pipeline_scope,
    movements.opportunity_key,
    movements.movement_name,
    movements.account_key,
    movements.owner_user_key,

    ---------- strings
    movements.segment,
    movements.currency_code,

    ---------- numerics
    cast(sum(movements.opportunity_count) as {{ dbt.type_int() }}) as opportunity_count,
    cast(count(*) as {{ dbt.type_int() }}) as entry_count,
    cast(sum(movements.rate_missing_count) as {{ dbt.type_int() }}) as rate_missing_count,
    cast(sum(movements.amount) as {{ type_decimal(18, 2) }}) as amount,
    cast(sum(movements.corporate_amount) as {{ type_decimal(18, 2) }}) as corporate_amount,

    ---------- dates
    min(movements.movement_date) as first_movement_date,
    max(movements.movement_date) as last_movement_date
from movements
group by
    movements.period_key, movements.pipeline_scope, movements.opportunity_key, movements.movement_name,
    movements.account_key, movements.owner_user_key, movements.segment, movements.currency_code
