{#-
    The last value that the rows so far said, where a row that says something may say that it is empty.
    Arguments: the value, whether the row says it (1), a value of the same type that never occurs and stands for
    empty meanwhile, and the window (partition, order and rows).
-#}
{% macro last_said(value, said, nothing, window) -%}
    {{ return(adapter.dispatch('last_said', 'plumbline')(value, said, nothing, window)) }}
{%- endmacro %}

{% macro default__last_said(value, said, nothing, window) -%}
    nullif(last_value(case when {{ said }} = 1 then coalesce({{ value }}, {{ nothing }}) end ignore nulls) over ({{ window }}), {{ nothing }})
{%- endmacro %}

{% macro snowflake__last_said(value, said, nothing, window) -%}
    nullif(last_value(case when {{ said }} = 1 then coalesce({{ value }}, {{ nothing }}) end) ignore nulls over ({{ window }}), {{ nothing }})
{%- endmacro %}

{% macro databricks__last_said(value, said, nothing, window) -%}
    nullif(last_value(case when {{ said }} = 1 then coalesce({{ value }}, {{ nothing }}) end, true) over ({{ window }}), {{ nothing }})
{%- endmacro %}

{#- Postgres cannot ignore NULLs in a window, but collect what was said, NULLs too: it needs no value that stands for empty. -#}
{% macro postgres__last_said(value, said, nothing, window) -%}
    (array_agg({{ value }}) filter (where {{ said }} = 1) over ({{ window }}))[count({{ said }}) over ({{ window }})]
{%- endmacro %}


{#- The date that stands for none in `last_said`: one that no source can hold, where the engine knows such. -#}
{% macro no_date() -%}
    {{ return(adapter.dispatch('no_date', 'plumbline')()) }}
{%- endmacro %}

{% macro default__no_date() -%}
    cast('0001-01-01' as date)
{%- endmacro %}

{% macro duckdb__no_date() -%}
    cast('-infinity' as date)
{%- endmacro %}
