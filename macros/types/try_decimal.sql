{#- A decimal of the given size; NULL for text that is no plain number (`1,234.50`, `EUR 5`) or does not fit. -#}
{% macro try_decimal(expression, precision=18, scale=2) -%}
    {{ return(adapter.dispatch("try_decimal", "plumbline")(expression, precision, scale)) }}
{%- endmacro %}

{% macro default__try_decimal(expression, precision, scale) -%}
    {{ plumbline.try_cast_to(expression, plumbline.type_decimal(precision, scale)) }}
{%- endmacro %}

{#- `numeric` has no size there: 29 digits before the point, 9 after. -#}
{% macro bigquery__try_decimal(expression, precision, scale) -%}
    round({{ plumbline.try_cast_to(expression, "numeric") }}, {{ scale }})
{%- endmacro %}

{#- Postgres has no cast that fails safely: the text is looked at first. -#}
{% macro postgres__try_decimal(expression, precision, scale) -%}
    {%- set whole = "trim(cast(" ~ expression ~ " as text))" -%}
    case
        when {{ whole }} ~ '^[+-]?(\d{1,{{ precision - scale }}}(\.\d*)?|\.\d+)$'
            then cast({{ whole }} as {{ plumbline.type_decimal(precision, scale) }})
    end
{%- endmacro %}


{#- A whole number. Text such as `12.0`, as some loaders write integers, counts as one; a fraction is rounded. -#}
{% macro try_integer(expression) -%}
    cast({{ plumbline.try_decimal(expression, 18, 0) }} as {{ dbt.type_bigint() }})
{%- endmacro %}


{% macro type_decimal(precision, scale) -%}
    {{ return("numeric" if target.type == "bigquery" else "decimal(" ~ precision ~ "," ~ scale ~ ")") }}
{%- endmacro %}


{#-
    An amount of money. Beyond a trillion it is a typing error that would break the sums: NULL, and `out_of_range` in
    `fct_rejected_values` (its `range` in the sources file). The narrow decimal is what refuses it.
-#}
{% macro try_amount(expression) -%}
    {{ return(adapter.dispatch("try_amount", "plumbline")(expression)) }}
{%- endmacro %}

{% macro default__try_amount(expression) -%}
    cast({{ plumbline.try_decimal(expression, 14, 2) }} as {{ plumbline.type_decimal(18, 2) }})
{%- endmacro %}

{% macro bigquery__try_amount(expression) -%}
    case when abs({{ plumbline.try_decimal(expression) }}) < 1000000000000 then {{ plumbline.try_decimal(expression) }} end
{%- endmacro %}
