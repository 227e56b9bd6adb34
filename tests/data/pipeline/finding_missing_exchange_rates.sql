{{ config(severity='warn') }}
-- Amounts without a rate on the day that counts: they have no corporate amount. Add the rate in the CRM, or declare the corporate currency.
select opportunity_key, currency_code, rate_date
from {{ ref('fct_opportunities') }}
where is_rate_missing
