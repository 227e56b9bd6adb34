{{ config(materialized="table") }}

with

rejected as (

    {{ rejected_values("marketo") }}

)

select
    ---------- ids
    record_id,

    ---------- strings
    source_table,
    column_name,
    reason,

    ---------- numerics
    cast(row_count as {{ dbt.type_bigint() }}) as row_count,

    ---------- metadata
    'marketo' as source_system,
    source_instance
from rejected
