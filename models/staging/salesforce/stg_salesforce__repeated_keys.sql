{{ config(materialized="table") }}

with

repeated as (

    {{ repeated_keys("salesforce") }}

)

select
    ---------- ids
    record_id,

    ---------- strings
    source_table,

    ---------- numerics
    cast(row_count as {{ dbt.type_bigint() }}) as row_count,

    ---------- metadata
    'salesforce' as source_system,
    source_instance
from repeated
