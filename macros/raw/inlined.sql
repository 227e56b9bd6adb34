{#- Marks a CTE that is read more than once as cheap to read again, so that an engine prunes its columns instead of storing it whole. -#}
{% macro inlined() -%}
    {{ return(adapter.dispatch("inlined", "plumbline")()) }}
{%- endmacro %}

{% macro default__inlined() -%}
{%- endmacro %}

{% macro duckdb__inlined() -%}
    not materialized
{%- endmacro %}

{% macro postgres__inlined() -%}
    not materialized
{%- endmacro %}
