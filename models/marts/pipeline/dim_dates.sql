with

months as (

    select * from {{ ref('int_fiscal_months') }}

),

digits as (

    {% for digit in range(10) -%}
    select {{ digit }} as digit {{ 'union all' if not loop.last }}
    {% endfor %}

),

days_in_month as (

    select tens.digit * 10 + ones.digit as day_number
    from digits as tens
    cross join digits as ones

),

days as (

    select
        months.fiscal_year,
        months.fiscal_quarter,
        months.fiscal_month,
        cast({{ dbt.dateadd('day', 'days_in_month.day_number', 'months.start_date') }} as date) as date_day
    from months
    inner join days_in_month
        on days_in_month.day_number < {{ dbt.datediff('months.start_date', 'months.next_start_date', 'day') }}

),

placed as (

    select
        days.fiscal_year, days.fiscal_quarter, days.fiscal_month, days.date_day,
        mod({{ dbt.datediff("cast('1900-01-01' as date)", 'days.date_day', 'day') }}, 7) + 1 as day_of_week
    from days

)

select
    ---------- ids
    placed.date_day,
    {{ fiscal_period_key('placed') }} as month_period_key,
    'FY' || cast(placed.fiscal_year as {{ dbt.type_string() }}) || '-Q' || cast(placed.fiscal_quarter as {{ dbt.type_string() }}) as quarter_period_key,
    'FY' || cast(placed.fiscal_year as {{ dbt.type_string() }}) as year_period_key,

    ---------- strings
    case placed.day_of_week
        when 1 then 'Monday' when 2 then 'Tuesday' when 3 then 'Wednesday' when 4 then 'Thursday'
        when 5 then 'Friday' when 6 then 'Saturday' else 'Sunday'
    end as day_name,

    ---------- numerics
    cast(placed.day_of_week as {{ dbt.type_int() }}) as day_of_week,
    cast(extract(year from placed.date_day) as {{ dbt.type_int() }}) as calendar_year,
    cast(extract(quarter from placed.date_day) as {{ dbt.type_int() }}) as calendar_quarter,
    cast(extract(month from placed.date_day) as {{ dbt.type_int() }}) as calendar_month,
    cast(placed.fiscal_year as {{ dbt.type_int() }}) as fiscal_year,
    cast(placed.fiscal_quarter as {{ dbt.type_int() }}) as fiscal_quarter,
    cast(placed.fiscal_month as {{ dbt.type_int() }}) as fiscal_month,

    ---------- booleans
    placed.day_of_week >= 6 as is_weekend,

    ---------- dates
    {{ week_start_date('placed.date_day') }} as week_start_date,

    ---------- timestamps
    {{ business_day_start('placed.date_day') }} as starts_at,
    {{ business_day_start(add_days('placed.date_day', 1)) }} as ends_at
from placed
