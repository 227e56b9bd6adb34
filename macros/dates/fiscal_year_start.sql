{#-
    The first day of a fiscal year that is named by the calendar year in which it ends. In a 4-4-5 calendar the year
    begins on the first day of the week that lies nearest to the first of the month; a 53rd week goes to its last month.
-#}
{% macro fiscal_year_start(fiscal_year, start_month, calendar) -%}
    {%- set years_back = 0 if start_month == 1 else 1 -%}
    {%- set nominal -%}
        cast({{ dbt.concat(['cast(cast(' ~ fiscal_year ~ ' - ' ~ years_back ~ ' as ' ~ dbt.type_int() ~ ') as ' ~ dbt.type_string() ~ ')', "'-" ~ '%02d' | format(start_month) ~ "-01'"]) }} as date)
    {%- endset -%}
    {%- if calendar == 'monthly' -%}
        {{ nominal }}
    {%- else -%}
        cast({{ dbt.dateadd('day', 'case when ' ~ plumbline.days_into_week(nominal) ~ ' <= 3 then -' ~ plumbline.days_into_week(nominal) ~ ' else 7 - ' ~ plumbline.days_into_week(nominal) ~ ' end', nominal) }} as date)
    {%- endif -%}
{%- endmacro %}

{#- How many days a date lies after the first day of its week (`week_start`). 1 January 1900 was a Monday. -#}
{% macro days_into_week(expression) -%}
    {%- set days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] -%}
    {%- set first_day = var('week_start') | lower -%}
    {%- if first_day not in days -%}
        {{ exceptions.raise_compiler_error("the setting week_start is '" ~ var('week_start') ~ "': write a day from monday to sunday") }}
    {%- endif -%}
    mod({{ dbt.datediff("cast('1900-01-01' as date)", expression, 'day') }} - {{ days.index(first_day) }} + 700, 7)
{%- endmacro %}
