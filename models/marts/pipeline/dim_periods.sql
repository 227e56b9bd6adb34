with

months as (

    select * from {{ ref('int_fiscal_months') }}

),

as_of as (

    select * from {{ ref('as_of') }}

),

periods as (

    select 'month' as period_type, fiscal_year, fiscal_quarter, fiscal_month, start_date, next_start_date
    from months
    union all
    select 'quarter' as period_type, fiscal_year, fiscal_quarter, null as fiscal_month, min(start_date) as start_date, max(next_start_date) as next_start_date
    from months
    group by fiscal_year, fiscal_quarter
    union all
    select 'year' as period_type, fiscal_year, null as fiscal_quarter, null as fiscal_month, min(start_date) as start_date, max(next_start_date) as next_start_date
    from months
    group by fiscal_year

)

select
    ---------- ids
    {{ fiscal_period_key('periods') }} as period_key,

    ---------- strings
    periods.period_type,

    ---------- numerics
    cast(periods.fiscal_year as {{ dbt.type_int() }}) as fiscal_year,
    cast(periods.fiscal_quarter as {{ dbt.type_int() }}) as fiscal_quarter,
    cast(periods.fiscal_month as {{ dbt.type_int() }}) as fiscal_month,
    cast({{ dbt.datediff('periods.start_date', 'periods.next_start_date', 'day') }} as {{ dbt.type_int() }}) as days,

    ---------- booleans
    as_of.as_of_date >= periods.start_date and as_of.as_of_date < periods.next_start_date as is_current,
    as_of.as_of_date >= periods.next_start_date as is_past,

    ---------- dates
    periods.start_date,
    {{ add_days('periods.next_start_date', -1) }} as end_date,
    periods.next_start_date,

    ---------- timestamps
    {{ business_day_start('periods.start_date') }} as starts_at,
    {{ business_day_start('periods.next_start_date') }} as ends_at
from periods
cross join as_of
