{#-
    A quotient as a decimal: NULL for a zero or missing denominator, rounded half away from zero.
    Dividing decimals gives floating numbers on most engines; this casts back, so that sums stay exact.
-#}
{% macro safe_divide(numerator, denominator, precision=18, scale=2) -%}
    cast(round({{ numerator }} / nullif({{ denominator }}, 0), {{ scale }}) as {{ plumbline.type_decimal(precision, scale) }})
{%- endmacro %}
