-- Each day lies in exactly one fiscal month, quarter and year, and periods of a kind follow each other.
with

days as (

    select * from {{ ref('dim_dates') }}

),

periods as (

    select
        period_key, period_type, start_date, next_start_date,
        lead(start_date) over (partition by period_type order by start_date) as following_start_date
    from {{ ref('dim_periods') }}

)

select period_key, 'gap or overlap' as fault
from periods
where next_start_date <> following_start_date
union all
select periods.period_key, 'days' as fault
from periods
left join days
    on days.date_day >= periods.start_date
    and days.date_day < periods.next_start_date
group by periods.period_key, periods.period_type, periods.start_date, periods.next_start_date
having count(days.date_day) <> {{ dbt.datediff('periods.start_date', 'periods.next_start_date', 'day') }}
    or min(case periods.period_type when 'month' then days.month_period_key when 'quarter' then days.quarter_period_key else days.year_period_key end) <> periods.period_key
    or max(case periods.period_type when 'month' then days.month_period_key when 'quarter' then days.quarter_period_key else days.year_period_key end) <> periods.period_key
