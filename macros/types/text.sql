{#- Text with blanks taken off; a blank text is no text. -#}
{% macro text(expression) -%}
    {{ return(adapter.dispatch("text", "plumbline")(expression)) }}
{%- endmacro %}

{% macro default__text(expression) -%}
    nullif(trim(cast({{ expression }} as {{ dbt.type_string() }})), '')
{%- endmacro %}

{#- Looking for blanks is six times cheaper here than taking them off. -#}
{% macro duckdb__text(expression) -%}
    {%- set whole = "cast(" ~ expression ~ " as varchar)" -%}
    nullif(case when {{ whole }} like ' %' or {{ whole }} like '% ' then trim({{ whole }}) else {{ whole }} end, '')
{%- endmacro %}
