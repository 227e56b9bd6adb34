{#- The day of a UTC instant where the business is (`business_time_zone`). -#}
{% macro business_date(expression) -%}
    {%- if var('business_time_zone') == 'UTC' -%}
        cast({{ expression }} as date)
    {%- else -%}
        {{ return(adapter.dispatch('business_date', 'plumbline')(expression, var('business_time_zone'))) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__business_date(expression, zone) -%}
    cast({{ expression }} at time zone 'UTC' at time zone '{{ zone }}' as date)
{%- endmacro %}

{% macro snowflake__business_date(expression, zone) -%}
    cast(convert_timezone('UTC', '{{ zone }}', {{ expression }}) as date)
{%- endmacro %}

{% macro bigquery__business_date(expression, zone) -%}
    date({{ expression }}, '{{ zone }}')
{%- endmacro %}

{% macro databricks__business_date(expression, zone) -%}
    cast(from_utc_timestamp({{ expression }}, '{{ zone }}') as date)
{%- endmacro %}


{#- The UTC instant at which a day begins where the business is. -#}
{% macro business_day_start(expression) -%}
    {%- if var('business_time_zone') == 'UTC' -%}
        cast({{ expression }} as {{ dbt.type_timestamp() }})
    {%- else -%}
        {{ return(adapter.dispatch('business_day_start', 'plumbline')(expression, var('business_time_zone'))) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__business_day_start(expression, zone) -%}
    cast(cast({{ expression }} as timestamp) at time zone '{{ zone }}' at time zone 'UTC' as timestamp)
{%- endmacro %}

{% macro snowflake__business_day_start(expression, zone) -%}
    convert_timezone('{{ zone }}', 'UTC', cast({{ expression }} as timestamp_ntz))
{%- endmacro %}

{% macro bigquery__business_day_start(expression, zone) -%}
    timestamp({{ expression }}, '{{ zone }}')
{%- endmacro %}

{% macro databricks__business_day_start(expression, zone) -%}
    to_utc_timestamp(cast({{ expression }} as timestamp), '{{ zone }}')
{%- endmacro %}
