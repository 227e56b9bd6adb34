{#-
    An amount in record currency, in corporate currency at a rate (units of record currency for one unit of
    corporate currency, as the CRM writes it). Without a rate there is no corporate amount: NULL, never the amount itself.
    Nor is there one beyond a trillion, which only a mistyped rate makes.
-#}
{% macro corporate_amount(amount, rate) -%}
    case when abs({{ amount }}) / nullif({{ rate }}, 0) < 1000000000000 then {{ plumbline.safe_divide(amount, rate) }} end
{%- endmacro %}
