{#- The later (earlier) of two instants or dates, ignoring NULL: `greatest` treats NULL differently from engine to engine. -#}
{% macro later_of(first, second) -%}
    case when {{ second }} is null or {{ first }} >= {{ second }} then {{ first }} else {{ second }} end
{%- endmacro %}

{% macro earlier_of(first, second) -%}
    case when {{ second }} is null or {{ first }} <= {{ second }} then {{ first }} else {{ second }} end
{%- endmacro %}
