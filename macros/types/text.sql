{#- Text with blanks taken off; a blank text is no text. -#}
{% macro text(expression) -%}
    {{ return(adapter.dispatch("text", "plumbline")(expression)) }}
{%- endmacro %}

{% macro default__text(expression) -%}
    nullif(trim(cast({{ expression }} as {{ dbt.type_string() }})), '')
{%- endmacro %}

{#-
    Looking for blanks is six times cheaper here than taking them off. Before the first character that can be seen, `!`, come the
    empty text and all that begins with a blank.
-#}
{% macro duckdb__text(expression) -%}
    {%- set whole = "cast(" ~ expression ~ " as varchar)" -%}
    case when {{ whole }} < '!' or {{ whole }} like '% ' then nullif(trim({{ whole }}), '') else {{ whole }} end
{%- endmacro %}
