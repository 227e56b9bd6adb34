{#-
    The first day of the week that a date falls in, by the setting `week_start`. Counted in days from a known first day:
    `date_trunc` to weeks begins on other days on other engines.
-#}
{% macro week_start_date(expression) -%}
    {{ plumbline.add_days(expression, '-' ~ plumbline.days_into_week(expression)) }}
{%- endmacro %}

{#- How many days a date lies after the first day of its week. 1 January 1900 was a Monday; dates before it count too. -#}
{% macro days_into_week(expression) -%}
    {%- set days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] -%}
    {%- set first_day = var('week_start') -%}
    {%- if first_day not in days -%}
        {{ exceptions.raise_compiler_error("the setting week_start is '" ~ first_day ~ "': write a day from monday to sunday, in small letters") }}
    {%- endif -%}
    mod(mod({{ dbt.datediff("cast('1900-01-01' as date)", expression, 'day') }} - {{ days.index(first_day) }}, 7) + 7, 7)
{%- endmacro %}
