{{ config(materialized="table") }}

with

counted as (

    {{ raw_row_counts("salesforce") }}

)

select
    ---------- strings
    source_table,
    excluded_reason,

    ---------- numerics
    cast(rows_in as {{ dbt.type_bigint() }}) as rows_in,
    cast(rows_excluded as {{ dbt.type_bigint() }}) as rows_excluded,
    cast(rows_rejected as {{ dbt.type_bigint() }}) as rows_rejected,

    ---------- metadata
    'salesforce' as source_system,
    source_instance,
    newest_loaded_at
from counted
