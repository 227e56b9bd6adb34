{#- A top-level member of a JSON text, as text; NULL where the text is no JSON or has no such member. -#}
{% macro json_text(expression, member) -%}
    {{ return(adapter.dispatch("json_text", "plumbline")(expression, member)) }}
{%- endmacro %}

{% macro default__json_text(expression, member) -%}
    get_json_object(cast({{ expression }} as string), '$.{{ member }}')
{%- endmacro %}

{% macro duckdb__json_text(expression, member) -%}
    json_extract_string(try_cast({{ expression }} as json), '$.{{ member }}')
{%- endmacro %}

{% macro postgres__json_text(expression, member) -%}
    substring(cast({{ expression }} as text) from '"{{ member }}"\s*:\s*"?([^",}]*)')
{%- endmacro %}

{% macro snowflake__json_text(expression, member) -%}
    cast(get_path(try_parse_json(cast({{ expression }} as varchar)), '{{ member }}') as varchar)
{%- endmacro %}

{% macro bigquery__json_text(expression, member) -%}
    json_value(cast({{ expression }} as string), '$.{{ member }}')
{%- endmacro %}
