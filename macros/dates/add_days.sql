{#- A date some days later (or earlier), as a date: `dateadd` gives a timestamp on some engines. -#}
{% macro add_days(expression, days) -%}
    cast({{ dbt.dateadd('day', days, expression) }} as date)
{%- endmacro %}

{#- Ends of an open range: earlier and later than any day that is asked about. -#}
{% macro early_date() -%}
    cast('1900-01-01' as date)
{%- endmacro %}

{% macro far_date() -%}
    cast('9999-12-31' as date)
{%- endmacro %}
