with

own_rates as (

    select * from {{ ref('int_own_rates') }}

),

corporate_currencies as (

    select * from {{ ref('int_corporate_currencies') }}

),

-- the common corporate currency may be another than the instance's own: then its rate divides, where both are known
crossed as (

    select
        own_rates.source_system,
        own_rates.source_instance,
        own_rates.currency_code,
        coalesce(corporate_currencies.corporate_currency_code, corporate_currencies.only_currency_code) as corporate_currency_code,
        case
            when own_rates.currency_code = corporate_rates.currency_code then 'corporate'
            when corporate_rates.rate_kind = 'carried' then 'carried'
            else own_rates.rate_kind
        end as rate_kind,
        own_rates.conversion_rate,
        corporate_rates.conversion_rate as corporate_conversion_rate,
        case when own_rates.start_date > corporate_rates.start_date then own_rates.start_date else corporate_rates.start_date end as valid_from_date,
        case when own_rates.end_date < corporate_rates.end_date then own_rates.end_date else corporate_rates.end_date end as valid_to_date
    from own_rates
    inner join corporate_currencies
        on own_rates.source_system = corporate_currencies.source_system
        and own_rates.source_instance = corporate_currencies.source_instance
    inner join own_rates as corporate_rates
        on own_rates.source_system = corporate_rates.source_system
        and own_rates.source_instance = corporate_rates.source_instance
        and corporate_rates.currency_code = coalesce(corporate_currencies.corporate_currency_code, corporate_currencies.only_currency_code)
        and own_rates.start_date < corporate_rates.end_date
        and own_rates.end_date > corporate_rates.start_date
    where own_rates.currency_code <> corporate_rates.currency_code
        or own_rates.start_date = corporate_rates.start_date

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
    case
        when rate_kind = 'corporate' then cast(1 as {{ type_decimal(18, 8) }})
        else {{ safe_divide('conversion_rate', 'corporate_conversion_rate', 18, 8) }}
    end as units_per_corporate,
    case
        when rate_kind = 'corporate' then cast(1 as {{ type_decimal(18, 8) }})
        else {{ safe_divide('corporate_conversion_rate', 'conversion_rate', 18, 8) }}
    end as rate_to_corporate,

    ---------- dates
    valid_from_date,
    valid_to_date
from crossed
