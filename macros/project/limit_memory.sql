{#- DuckDB takes four fifths of the machine unless PLUMBLINE_MEMORY_LIMIT says less (`2GB`); past the limit it spills to disk. -#}
{% macro limit_memory() -%}
    {{ return(adapter.dispatch("limit_memory", "plumbline")(env_var("PLUMBLINE_MEMORY_LIMIT", ""))) }}
{%- endmacro %}

{% macro default__limit_memory(limit) -%}
{%- endmacro %}

{% macro duckdb__limit_memory(limit) -%}
    {%- if limit %}set global memory_limit = '{{ limit }}'{% endif -%}
{%- endmacro %}
