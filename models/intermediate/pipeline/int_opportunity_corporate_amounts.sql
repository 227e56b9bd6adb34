-- What an opportunity is worth in corporate currency: decided ones at the rate of their close date, open ones at the as-of date's,
-- and, beside it, at the budget rate of the fiscal year in which they close.
with

opportunities as (

    select * from {{ ref('int_opportunities_resolved') }}

),

as_of as (

    select * from {{ ref('as_of') }}

),

rates as (

    select * from {{ ref('int_exchange_rates') }}

),

corporate_currencies as (

    select * from {{ ref('int_corporate_currencies') }}

),

years as (

    select fiscal_year, min(start_date) as start_date, max(next_start_date) as next_start_date
    from {{ ref('int_fiscal_months') }}
    group by fiscal_year

),

budget_rates as (

    select * from {{ ref('budget_exchange_rates') }}

),

dated as (

    select
        opportunities.opportunity_key, opportunities.source_system, opportunities.source_instance,
        opportunities.currency_code, opportunities.amount, opportunities.close_date,
        {{ is_won('opportunities') }} or {{ is_lost('opportunities') }} as is_decided,
        case
            when {{ is_won('opportunities') }} or {{ is_lost('opportunities') }}
                then {{ earlier_of('opportunities.close_date', 'as_of.as_of_date') }}
            else as_of.as_of_date
        end as rate_date
    from opportunities
    cross join as_of

)

select
    ---------- ids
    dated.opportunity_key,

    ---------- strings
    coalesce(corporate_currencies.corporate_currency_code, corporate_currencies.only_currency_code) as corporate_currency_code,
    case when dated.is_decided then 'close date' else 'as-of date' end as rate_basis,
    case when dated.amount is not null then coalesce(rates.rate_kind, 'missing') end as rate_kind,

    ---------- numerics
    rates.units_per_corporate,
    {{ corporate_amount('dated.amount', 'rates.units_per_corporate') }} as corporate_amount,
    case
        when dated.currency_code = coalesce(corporate_currencies.corporate_currency_code, corporate_currencies.only_currency_code) then dated.amount
        else {{ corporate_amount('dated.amount', 'budget_rates.units_per_corporate') }}
    end as budget_corporate_amount,

    ---------- booleans
    dated.amount is not null and {{ corporate_amount('dated.amount', 'rates.units_per_corporate') }} is null as is_rate_missing,

    ---------- dates
    dated.rate_date
from dated
left join rates
    on dated.source_system = rates.source_system
    and dated.source_instance = rates.source_instance
    and dated.currency_code = rates.currency_code
    and dated.rate_date >= rates.valid_from_date
    and dated.rate_date < rates.valid_to_date
left join corporate_currencies
    on dated.source_system = corporate_currencies.source_system
    and dated.source_instance = corporate_currencies.source_instance
left join years
    on dated.close_date >= years.start_date
    and dated.close_date < years.next_start_date
left join budget_rates
    on years.fiscal_year = budget_rates.fiscal_year
    and dated.currency_code = budget_rates.currency_code
    and corporate_currencies.corporate_currency_code = budget_rates.corporate_currency_code
