{#-
    An amount in record currency, in corporate currency at a rate (units of record currency for one unit of
    corporate currency, as the CRM writes it). Without a rate there is no corporate amount: NULL, never the amount itself.
-#}
{% macro corporate_amount(amount, rate) -%}
    {{ plumbline.safe_divide(amount, rate) }}
{%- endmacro %}
