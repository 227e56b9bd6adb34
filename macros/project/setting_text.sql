{#- A setting as a text literal; NULL where it is empty. -#}
{% macro setting_text(name) -%}
    {%- set value = var(name, "") | string | trim -%}
    {%- if value -%}
        '{{ value | replace("'", "''") }}'
    {%- else -%}
        cast(null as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}
