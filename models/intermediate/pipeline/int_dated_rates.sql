-- Dated rates as ranges without overlap: of two rates from one day the newer counts, a range ends where the next begins.
with

dated_conversion_rates as (

    select * from {{ ref('stg_salesforce__dated_conversion_rates') }}

),

ranked as (

    select
        source_system, source_instance, currency_code, conversion_rate, start_date, next_start_date,
        row_number() over (
            partition by source_system, source_instance, currency_code, start_date
            order by source_updated_at desc nulls last, loaded_at desc nulls last, dated_conversion_rate_id
        ) as start_rank
    from dated_conversion_rates
    where conversion_rate > 0
        and start_date is not null
        and currency_code is not null
        and not is_deleted

),

followed as (

    select
        source_system, source_instance, currency_code, conversion_rate, start_date,
        coalesce(next_start_date, {{ far_date() }}) as stated_end_date,
        coalesce(lead(start_date) over (
            partition by source_system, source_instance, currency_code
            order by start_date
        ), {{ far_date() }}) as following_start_date
    from ranked
    where start_rank = 1

),

bounded as (

    select
        source_system, source_instance, currency_code, conversion_rate, start_date, following_start_date,
        case when stated_end_date < following_start_date then stated_end_date else following_start_date end as end_date
    from followed

),

-- where no rate follows at once, the last known one holds for some days, and is marked
carried as (

    select
        source_system, source_instance, currency_code, conversion_rate,
        end_date as start_date,
        case
            when {{ plumbline.add_days('end_date', var('exchange_rate_carry_days')) }} < following_start_date
                then {{ plumbline.add_days('end_date', var('exchange_rate_carry_days')) }}
            else following_start_date
        end as end_date
    from bounded
    where end_date < following_start_date

)

select source_system, source_instance, 'dated' as rate_kind, currency_code, conversion_rate, start_date, end_date
from bounded
where start_date < end_date
union all
select source_system, source_instance, 'carried' as rate_kind, currency_code, conversion_rate, start_date, end_date
from carried
where start_date < end_date
