-- What each account bought so far, as the customer terms look at it. No contracts are read yet, so nothing says whether
-- one is active.
with

opportunities as (

    select * from {{ ref("int_opportunities_resolved") }}

),

as_of as (

    select * from {{ ref("as_of") }}

),

won as (

    select
        opportunities.account_key,
        count(*) as won_opportunity_count,
        min(opportunities.close_date) as first_won_date,
        max(opportunities.close_date) as last_won_date
    from opportunities
    cross join as_of
    where {{ is_won('opportunities') }} and opportunities.close_date <= as_of.as_of_date
    group by opportunities.account_key

)

select
    ---------- ids
    won.account_key,

    ---------- numerics
    won.won_opportunity_count,
    {{ dbt.datediff('won.last_won_date', 'as_of.as_of_date', 'day') }} as days_since_last_won,

    ---------- booleans
    cast(null as {{ dbt.type_boolean() }}) as has_active_contract,

    ---------- dates
    won.first_won_date,
    won.last_won_date
from won
cross join as_of
