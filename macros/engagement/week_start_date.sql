{#-
    The first day of the week that a date falls in, by the setting `week_start`. Counted in days from a known first day:
    `date_trunc` to weeks begins on other days on other engines.
-#}
{% macro week_start_date(expression) -%}
    {%- set first_days = {
        "monday": "1900-01-01", "tuesday": "1900-01-02", "wednesday": "1900-01-03", "thursday": "1900-01-04",
        "friday": "1900-01-05", "saturday": "1900-01-06", "sunday": "1900-01-07",
    } -%}
    {%- set first_day = first_days[var("week_start") | lower] -%}
    {%- set days = dbt.datediff("cast('" ~ first_day ~ "' as date)", expression, "day") -%}
    cast({{ dbt.dateadd("day", "-1 * mod(mod(" ~ days ~ ", 7) + 7, 7)", expression) }} as date)
{%- endmacro %}
