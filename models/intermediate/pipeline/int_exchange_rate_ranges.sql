-- Every day up to the as-of date in exactly one range per currency: ranges without a rate stand too, so that no amount is lost
-- in a join. Rates of days to come are not known yet: the last range stays open.
with

rates as (

    select
        source_system, source_instance, currency_code, rate_kind, units_per_corporate, valid_from_date, valid_to_date
    from {{ ref('int_exchange_rates') }}
    cross join {{ ref('as_of') }} as as_of
    where valid_from_date <= as_of.as_of_date

),

followed as (

    select
        source_system, source_instance, currency_code, rate_kind, units_per_corporate, valid_from_date, valid_to_date,
        lead(valid_from_date) over (
            partition by source_system, source_instance, currency_code
            order by valid_from_date
        ) as following_from_date,
        row_number() over (
            partition by source_system, source_instance, currency_code
            order by valid_from_date
        ) as range_number
    from rates

),

as_of as (

    select as_of_date from {{ ref('as_of') }}

),

before_first as (

    select
        source_system, source_instance, currency_code, 'missing' as rate_kind,
        cast(null as {{ type_decimal(18, 8) }}) as units_per_corporate, {{ early_date() }} as valid_from_date, valid_from_date as valid_to_date
    from followed
    where range_number = 1
        and valid_from_date > {{ early_date() }}

),

known as (

    select
        followed.source_system, followed.source_instance, followed.currency_code, followed.rate_kind, followed.units_per_corporate, followed.valid_from_date,
        case
            when followed.valid_to_date > as_of.as_of_date then coalesce(followed.following_from_date, {{ far_date() }})
            else followed.valid_to_date
        end as valid_to_date
    from followed
    cross join as_of

),

gaps as (

    select
        followed.source_system, followed.source_instance, followed.currency_code, 'missing' as rate_kind,
        cast(null as {{ type_decimal(18, 8) }}) as units_per_corporate,
        followed.valid_to_date as valid_from_date,
        coalesce(followed.following_from_date, {{ far_date() }}) as valid_to_date
    from followed
    cross join as_of
    where followed.valid_to_date <= as_of.as_of_date
        and followed.valid_to_date < coalesce(followed.following_from_date, {{ far_date() }})

)

select * from before_first
union all
select * from known
union all
select * from gaps
