{#-
    Casts that give NULL for what does not parse; `fct_rejected_values` counts and names what was lost.
    Each is dispatched: engines differ in what a failing cast does.
-#}
{% macro try_cast_to(expression, type) -%}
    {{ return(adapter.dispatch("try_cast_to", "plumbline")(expression, type)) }}
{%- endmacro %}

{% macro default__try_cast_to(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}

{% macro snowflake__try_cast_to(expression, type) -%}
    try_cast(cast({{ expression }} as varchar) as {{ type }})
{%- endmacro %}

{% macro bigquery__try_cast_to(expression, type) -%}
    safe_cast({{ expression }} as {{ type }})
{%- endmacro %}

{#- Postgres has no failing-safe cast: the text is looked at first. -#}
{% macro postgres__try_cast_to(expression, type) -%}
    {%- set text = "trim(cast(" ~ expression ~ " as text))" -%}
    {%- set base = type | lower -%}
    case
        when {{ text }} ~
            {%- if base.startswith("timestamp") %} '^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?)?( ?(Z|UTC|[+-]\d{2}(:?\d{2})?))?$'
            {%- elif base.startswith("bool") %} '^(true|false|t|f|yes|no|1|0|TRUE|FALSE|True|False)$'
            {%- else %} '^[+-]?(\d{1,16}(\.\d*)?|\.\d+)$'
            {%- endif %}
            then cast({{ text }} as {{ type }})
    end
{%- endmacro %}


{% macro try_decimal(expression, precision=18, scale=2) -%}
    {{ plumbline.try_cast_to(expression, plumbline.type_decimal(precision, scale)) }}
{%- endmacro %}

{#- A whole number; text such as '12.0', as some loaders write integers, counts as one. -#}
{% macro try_integer(expression) -%}
    cast({{ plumbline.try_cast_to(expression, plumbline.type_decimal(18, 0)) }} as {{ dbt.type_bigint() }})
{%- endmacro %}

{% macro try_boolean(expression) -%}
    {{ plumbline.try_cast_to(expression, dbt.type_boolean()) }}
{%- endmacro %}

{#- A UTC timestamp without zone; text with an offset is moved to UTC. -#}
{% macro try_timestamp(expression) -%}
    {{ return(adapter.dispatch("try_timestamp", "plumbline")(expression)) }}
{%- endmacro %}

{% macro default__try_timestamp(expression) -%}
    {{ plumbline.try_cast_to(expression, "timestamp") }}
{%- endmacro %}

{% macro postgres__try_timestamp(expression) -%}
    cast({{ plumbline.try_cast_to(expression, "timestamptz") }} at time zone 'UTC' as timestamp)
{%- endmacro %}

{% macro snowflake__try_timestamp(expression) -%}
    cast(convert_timezone('UTC', {{ plumbline.try_cast_to(expression, "timestamp_tz") }}) as timestamp_ntz)
{%- endmacro %}

{#- A date as the source states it, never shifted by a time zone. -#}
{% macro try_date(expression) -%}
    cast({{ plumbline.try_timestamp(expression) }} as date)
{%- endmacro %}

{% macro type_decimal(precision, scale) -%}
    {{ return("numeric" if target.type == "bigquery" else "decimal(" ~ precision ~ "," ~ scale ~ ")") }}
{%- endmacro %}

{#- Text with blanks taken off; a blank text is no text. -#}
{% macro text(expression) -%}
    nullif(trim(cast({{ expression }} as {{ dbt.type_string() }})), '')
{%- endmacro %}
