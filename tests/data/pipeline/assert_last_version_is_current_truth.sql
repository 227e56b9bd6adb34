-- Every opportunity has a version that holds now, and it says what the current row says.
with

opportunities as (

    select * from {{ ref('int_opportunities_resolved') }}

),

versions as (

    select * from {{ ref('fct_opportunity_versions') }}
    where is_current

)

select opportunities.opportunity_key
from opportunities
left join versions
    on opportunities.opportunity_key = versions.opportunity_key
where versions.opportunity_key is null
    or versions.stage_name is distinct from opportunities.stage_name
    or versions.amount is distinct from opportunities.amount
    or versions.close_date is distinct from opportunities.close_date
    or versions.currency_code is distinct from opportunities.currency_code
    or versions.forecast_category is distinct from opportunities.forecast_category
    or versions.owner_user_key is distinct from opportunities.owner_user_key
    or versions.account_key is distinct from opportunities.account_key
    or versions.is_deleted is distinct from opportunities.is_deleted
