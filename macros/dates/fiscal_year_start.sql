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
