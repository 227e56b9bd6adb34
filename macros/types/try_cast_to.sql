{#-
    A cast that gives NULL for what does not parse; `fct_rejected_values` names and counts what was lost.
    Dispatched, because engines differ in what a failing cast does.
-#}
{% macro try_cast_to(expression, type) -%}
    {{ return(adapter.dispatch("try_cast_to", "plumbline")(expression, type)) }}
{%- endmacro %}

{% macro default__try_cast_to(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}

{% macro snowflake__try_cast_to(expression, type) -%}
    try_cast(cast({{ expression }} as varchar) as {{ type }})
{%- endmacro %}

{% macro bigquery__try_cast_to(expression, type) -%}
    safe_cast({{ expression }} as {{ type }})
{%- endmacro %}
