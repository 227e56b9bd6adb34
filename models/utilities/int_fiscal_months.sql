{#- Fiscal months around the as-of date: closing dates beyond are typing errors and belong to no period. -#}
{%- set years_back = var('calendar_years_back') | int -%}
{%- set years_ahead = var('calendar_years_ahead') | int -%}
{%- set start_month = var('fiscal_year_start_month') | int -%}
{%- set calendar = var('fiscal_calendar') -%}
{%- if calendar not in ['monthly', '4-4-5'] -%}
    {{ exceptions.raise_compiler_error("the setting fiscal_calendar is '" ~ calendar ~ "': write monthly or 4-4-5") }}
{%- endif -%}
{%- if not 1 <= start_month <= 12 -%}
    {{ exceptions.raise_compiler_error("the setting fiscal_year_start_month is '" ~ var('fiscal_year_start_month') ~ "': write a month from 1 to 12") }}
{%- endif -%}
with

as_of as (

    select * from {{ ref('as_of') }}

),

years as (

    {% for offset in range(-years_back, years_ahead + 2) -%}
    select extract(year from as_of_date) + {{ offset }} as fiscal_year
    from as_of
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- a fiscal year is named by the calendar year in which it ends
year_starts as (

    select
        cast(fiscal_year as {{ dbt.type_int() }}) as fiscal_year,
        {{ fiscal_year_start('fiscal_year', start_month, calendar) }} as start_date
    from years

),

months as (

    {% for month in range(1, 13) -%}
    select
        fiscal_year,
        {{ (month - 1) // 3 + 1 }} as fiscal_quarter,
        {{ month }} as fiscal_month,
        {% if calendar == 'monthly' -%}
        cast({{ dbt.dateadd('month', month - 1, 'start_date') }} as date) as start_date
        {%- else -%}
        {{ add_days('start_date', ((month - 1) // 3) * 91 + [0, 28, 56][(month - 1) % 3]) }} as start_date
        {%- endif %}
    from year_starts
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

followed as (

    select
        fiscal_year, fiscal_quarter, fiscal_month, start_date,
        lead(start_date) over (order by start_date) as next_start_date
    from months

)

select
    ---------- numerics
    followed.fiscal_year,
    followed.fiscal_quarter,
    followed.fiscal_month,

    ---------- dates
    followed.start_date,
    followed.next_start_date
from followed
cross join as_of
where followed.fiscal_year <= extract(year from as_of.as_of_date) + {{ years_ahead }}
