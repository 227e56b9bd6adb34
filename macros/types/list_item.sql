{#- The n-th item of a text that a delimiter separates, counted from 1; `position` may be a column, which dbt's `split_part` cannot take. -#}
{% macro list_item(expression, delimiter, position) -%}
    {{ return(adapter.dispatch("list_item", "plumbline")(expression, delimiter, position)) }}
{%- endmacro %}

{% macro default__list_item(expression, delimiter, position) -%}
    split_part({{ expression }}, '{{ delimiter }}', {{ position }})
{%- endmacro %}

{% macro bigquery__list_item(expression, delimiter, position) -%}
    split({{ expression }}, '{{ delimiter }}')[safe_ordinal({{ position }})]
{%- endmacro %}
