{#- True, t, yes, y, 1 and their opposites in any case; NULL for anything else. -#}
{% macro try_boolean(expression) -%}
    {{ return(adapter.dispatch("try_boolean", "plumbline")(expression)) }}
{%- endmacro %}

{% macro default__try_boolean(expression) -%}
    case
        when lower(cast({{ expression }} as {{ dbt.type_string() }})) in ('true', 't', 'yes', 'y', '1') then true
        when lower(cast({{ expression }} as {{ dbt.type_string() }})) in ('false', 'f', 'no', 'n', '0') then false
    end
{%- endmacro %}

{% macro duckdb__try_boolean(expression) -%}
    try_cast({{ expression }} as boolean)
{%- endmacro %}
