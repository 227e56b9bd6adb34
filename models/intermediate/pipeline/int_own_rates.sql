-- Every rate that an instance knows, in units for one unit of its own corporate currency.
with

currency_types as (

    select * from {{ ref('stg_salesforce__currency_types') }}

),

corporate_currencies as (

    select * from {{ ref('int_corporate_currencies') }}

),

dated_rates as (

    select * from {{ ref('int_dated_rates') }}

),

dated as (

    select
        dated_rates.source_system, dated_rates.source_instance, dated_rates.rate_kind, dated_rates.currency_code,
        dated_rates.conversion_rate, dated_rates.start_date, dated_rates.end_date
    from dated_rates
    inner join corporate_currencies
        on dated_rates.source_system = corporate_currencies.source_system
        and dated_rates.source_instance = corporate_currencies.source_instance
    where dated_rates.currency_code <> coalesce(corporate_currencies.own_corporate_currency_code, '')

),

-- a currency that never had a dated rate has its static one; one whose dated rates stopped has none, for a static rate of today is not the rate of then
static as (

    select
        source_system, source_instance, 'static' as rate_kind, currency_code,
        max(conversion_rate) as conversion_rate, {{ early_date() }} as start_date, {{ far_date() }} as end_date
    from currency_types
    where conversion_rate > 0
        and not is_deleted
        and is_corporate is not true
        and not exists (
            select 1
            from dated
            where dated.source_system = currency_types.source_system
                and dated.source_instance = currency_types.source_instance
                and dated.currency_code = currency_types.currency_code
        )
    group by source_system, source_instance, currency_code
    having count(distinct conversion_rate) = 1

),

-- a currency is worth one of itself, whatever a rate table says
same as (

    select
        source_system, source_instance, 'corporate' as rate_kind,
        coalesce(own_corporate_currency_code, only_currency_code) as currency_code,
        cast(1 as {{ type_decimal(18, 8) }}) as conversion_rate, {{ early_date() }} as start_date, {{ far_date() }} as end_date
    from corporate_currencies
    where coalesce(own_corporate_currency_code, only_currency_code) is not null

)

select * from dated
union all
select * from static
union all
select * from same
