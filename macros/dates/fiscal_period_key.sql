{#- The name of a fiscal period: FY2026, FY2026-Q1, FY2026-M01. -#}
{% macro fiscal_period_key(relation) -%}
    {%- set text = dbt.type_string() -%}
    'FY' || cast({{ relation }}.fiscal_year as {{ text }}) || case
        when {{ relation }}.fiscal_month is not null
            then '-M' || case when {{ relation }}.fiscal_month < 10 then '0' else '' end || cast({{ relation }}.fiscal_month as {{ text }})
        when {{ relation }}.fiscal_quarter is not null then '-Q' || cast({{ relation }}.fiscal_quarter as {{ text }})
        else ''
    end
{%- endmacro %}
