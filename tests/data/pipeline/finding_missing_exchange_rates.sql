-- Amounts without a rate on the day that counts: they have no corporate amount. Add the rate in the CRM, or declare the corporate currency.
{{ config(error_if=finding_ceiling('missing_exchange_rates')) }}
with

amounts as (

    select opportunity_key, currency_code, rate_date, is_rate_missing, count(*) over () as population
    from {{ ref('fct_opportunities') }}
    where has_amount

)

select opportunity_key, currency_code, rate_date, population
from amounts
where is_rate_missing
