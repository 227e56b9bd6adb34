{#- A probability in percent as a fraction; what lies outside 0 to 100 is no probability: NULL, and a finding. -#}
{% macro probability_fraction(percent) -%}
    case when {{ percent }} between 0 and 100 then {{ plumbline.safe_divide(percent, '100', 9, 6) }} end
{%- endmacro %}
