{#-
    The integer key of a source record: the first 15 hex digits of md5 over (system, instance, id),
    read as a 64-bit integer. Fifteen digits stay below 2^60 and give the same number on every engine.
-#}
{% macro record_key(source_system, source_instance, source_record_id) -%}
    {{ return(adapter.dispatch('hex_to_bigint', 'plumbline')(
        "substring(" ~ dbt.hash(source_system ~ " || '|' || " ~ source_instance ~ " || '|' || " ~ source_record_id) ~ ", 1, 15)"
    )) }}
{%- endmacro %}

{% macro default__hex_to_bigint(hex) -%}
    {{ exceptions.raise_compiler_error("hex_to_bigint is not written for " ~ target.type) }}
{%- endmacro %}

{% macro duckdb__hex_to_bigint(hex) -%}
    cast('0x' || {{ hex }} as bigint)
{%- endmacro %}

{% macro postgres__hex_to_bigint(hex) -%}
    cast(cast('x' || lpad({{ hex }}, 16, '0') as bit(64)) as bigint)
{%- endmacro %}

{% macro snowflake__hex_to_bigint(hex) -%}
    to_number({{ hex }}, 'xxxxxxxxxxxxxxx')
{%- endmacro %}

{% macro bigquery__hex_to_bigint(hex) -%}
    cast(concat('0x', {{ hex }}) as int64)
{%- endmacro %}

{% macro databricks__hex_to_bigint(hex) -%}
    cast(conv({{ hex }}, 16, 10) as bigint)
{%- endmacro %}
