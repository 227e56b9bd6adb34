{#- A UTC timestamp without zone; text with an offset is moved to UTC. NULL for what does not parse, and beyond year 9999. -#}
{% macro try_timestamp(expression) -%}
    {{ return(adapter.dispatch("try_timestamp", "plumbline")(expression)) }}
{%- endmacro %}

{% macro default__try_timestamp(expression) -%}
    {{ plumbline.try_cast_to(expression, "timestamp") }}
{%- endmacro %}

{#-
    DuckDB reads text with an offset as if the offset were not there, and reads `infinity` and five-digit years.
    What landed as a timestamp takes the last branch, which costs nothing.
-#}
{% macro duckdb__try_timestamp(expression) -%}
    {%- set whole = "cast(" ~ expression ~ " as varchar)" -%}
    case typeof({{ expression }})
        when 'VARCHAR' then case
            when {{ whole }} like '%:%-%' or {{ whole }} like '%:%+%'
                then timezone('UTC', try_cast(regexp_replace({{ whole }}, ' +([+-])', '\1') as timestamptz))
            when {{ whole }} like '____-%' then try_cast({{ expression }} as timestamp)
        end
        when 'TIMESTAMP WITH TIME ZONE' then timezone('UTC', try_cast({{ expression }} as timestamptz))
        else try_cast({{ expression }} as timestamp)
    end
{%- endmacro %}

{% macro postgres__try_timestamp(expression) -%}
    {%- set whole = "trim(cast(" ~ expression ~ " as text))" -%}
    case
        when {{ plumbline.postgres__is_calendar_date(whole) }}
            and {{ whole }} ~ '^.{10}([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?)?( ?(Z|UTC|[+-]\d{2}(:?\d{2})?))?$'
            then cast(
                case
                    when {{ whole }} ~ '(Z|UTC|:[0-9.]+ ?[+-][0-9:]+)$' then cast({{ whole }} as timestamptz)
                    else cast({{ whole }} || ' UTC' as timestamptz)
                end at time zone 'UTC' as timestamp
            )
    end
{%- endmacro %}

{% macro snowflake__try_timestamp(expression) -%}
    cast(convert_timezone('UTC', {{ plumbline.try_cast_to(expression, "timestamp_tz") }}) as timestamp_ntz)
{%- endmacro %}


{#- A date as the source states it, never shifted by a time zone: what stands before the time counts. -#}
{% macro try_date(expression) -%}
    {{ return(adapter.dispatch("try_date", "plumbline")(expression)) }}
{%- endmacro %}

{% macro default__try_date(expression) -%}
    {{ plumbline.try_cast_to("substring(cast(" ~ expression ~ " as " ~ dbt.type_string() ~ "), 1, 10)", "date") }}
{%- endmacro %}

{% macro duckdb__try_date(expression) -%}
    case
        when typeof({{ expression }}) != 'VARCHAR' or cast({{ expression }} as varchar) like '____-%'
            then try_cast({{ expression }} as date)
    end
{%- endmacro %}

{% macro postgres__try_date(expression) -%}
    {%- set whole = "trim(cast(" ~ expression ~ " as text))" -%}
    case when {{ plumbline.postgres__is_calendar_date(whole) }} then cast(substring({{ whole }} from 1 for 10) as date) end
{%- endmacro %}

{#- Whether a text starts with a day that exists: Postgres has no cast that fails safely. -#}
{% macro postgres__is_calendar_date(whole) -%}
    case
        when {{ whole }} ~ '^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])'
            then cast(substring({{ whole }} from 9 for 2) as integer) <= extract(
                day from cast(substring({{ whole }} from 1 for 7) || '-01' as date) + interval '1 month' - interval '1 day'
            )
        else false
    end
{%- endmacro %}
