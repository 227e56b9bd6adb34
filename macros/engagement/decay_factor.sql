{#- What is left of a touch's weight after some days: a half per half-life. Exact to twelve places, so that sums do not depend on their order. -#}
{% macro decay_factor(age_days, half_life_days) -%}
    cast(power(cast(0.5 as {{ dbt.type_float() }}), cast({{ age_days }} as {{ dbt.type_float() }}) / {{ half_life_days }}) as {{ type_decimal(13, 12) }})
{%- endmacro %}
