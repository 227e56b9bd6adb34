with

own_rates as (

    select * from {{ ref('int_own_rates') }}

),

corporate_currencies as (

    select * from {{ ref('int_corporate_currencies') }}

),

targets as (

    select
        source_system,
        source_instance,
        coalesce(corporate_currency_code, only_currency_code) as corporate_currency_code
    from corporate_currencies
    where coalesce(corporate_currency_code, only_currency_code) is not null

),

-- the common corporate currency may be another than the instance's own: then its rate divides, where both are known
crossed as (

    select
        own_rates.source_system,
        own_rates.source_instance,
        own_rates.currency_code,
        targets.corporate_currency_code,
        case
            when own_rates.rate_kind = 'corporate' or corporate_rates.rate_kind = 'carried' then corporate_rates.rate_kind
            else own_rates.rate_kind
        end as rate_kind,
        {{ safe_divide('own_rates.conversion_rate', 'corporate_rates.conversion_rate', 18, 8) }} as units_per_corporate,
        {{ safe_divide('corporate_rates.conversion_rate', 'own_rates.conversion_rate', 18, 8) }} as rate_to_corporate,
        {{ later_of('own_rates.start_date', 'corporate_rates.start_date') }} as valid_from_date,
        {{ earlier_of('own_rates.end_date', 'corporate_rates.end_date') }} as valid_to_date
    from own_rates
    inner join targets
        on own_rates.source_system = targets.source_system
        and own_rates.source_instance = targets.source_instance
        and own_rates.currency_code <> targets.corporate_currency_code
    inner join own_rates as corporate_rates
        on own_rates.source_system = corporate_rates.source_system
        and own_rates.source_instance = corporate_rates.source_instance
        and corporate_rates.currency_code = targets.corporate_currency_code
        -- beyond, a rate is mistyped: as missing as one that is not there
        and own_rates.conversion_rate / nullif(corporate_rates.conversion_rate, 0) < 1000000000
        and corporate_rates.conversion_rate / nullif(own_rates.conversion_rate, 0) < 1000000000
        and own_rates.start_date < corporate_rates.end_date
        and own_rates.end_date > corporate_rates.start_date

),

-- a currency is worth one of itself on every day
unioned as (

    select * from crossed
    union all
    select
        source_system, source_instance, corporate_currency_code as currency_code, corporate_currency_code, 'corporate' as rate_kind,
        cast(1 as {{ type_decimal(18, 8) }}) as units_per_corporate, cast(1 as {{ type_decimal(18, 8) }}) as rate_to_corporate,
        {{ early_date() }} as valid_from_date, {{ far_date() }} as valid_to_date
    from targets

)

select
    ---------- ids
    source_system,
    source_instance,

    ---------- strings
    currency_code,
    corporate_currency_code,
    rate_kind,

    ---------- numerics
    units_per_corporate,
    rate_to_corporate,

    ---------- dates
    valid_from_date,
    valid_to_date
from unioned
