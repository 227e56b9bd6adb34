with

rejected_values as (

    select source_system, source_instance, source_table, record_id, column_name, reason, row_count
    from {{ ref("stg_salesforce__rejected_values") }}
    union all
    select source_system, source_instance, source_table, record_id, column_name, reason, row_count
    from {{ ref("stg_marketo__rejected_values") }}
    union all
    select source_system, source_instance, source_table, record_id, column_name, reason, row_count
    from {{ ref("stg_gong__rejected_values") }}

)

select
    ---------- ids
    record_id as source_record_id,

    ---------- strings
    source_system,
    source_instance,
    source_table,
    column_name,
    reason,

    ---------- numerics
    row_count
from rejected_values
