-- What became of the rows of each raw table. The parts are counted apart from each other: rows left out in the raw
-- tables, superseded ones from the repeated keys, kept ones in the staging models.
with

row_counts as (

    select source_system, source_instance, source_table, excluded_reason, rows_excluded, rows_rejected
    from {{ ref("stg_salesforce__row_counts") }}
    union all
    select source_system, source_instance, source_table, excluded_reason, rows_excluded, rows_rejected
    from {{ ref("stg_marketo__row_counts") }}
    union all
    select source_system, source_instance, source_table, excluded_reason, rows_excluded, rows_rejected
    from {{ ref("stg_gong__row_counts") }}

),

repeated_keys as (

    select source_system, source_instance, source_table, row_count from {{ ref("stg_salesforce__repeated_keys") }}
    union all
    select source_system, source_instance, source_table, row_count from {{ ref("stg_marketo__repeated_keys") }}
    union all
    select source_system, source_instance, source_table, row_count from {{ ref("stg_gong__repeated_keys") }}

),

rows_kept as (

    select source_system, source_instance, source_table, row_count from {{ ref("int_salesforce__rows_kept") }}
    union all
    select source_system, source_instance, source_table, row_count from {{ ref("int_marketo__rows_kept") }}
    union all
    select source_system, source_instance, source_table, row_count from {{ ref("int_gong__rows_kept") }}

),

unioned as (

    select source_system, source_instance, source_table, 'kept' as outcome, 'newest_version' as reason, row_count
    from rows_kept
    union all
    select source_system, source_instance, source_table, 'superseded', 'older_or_duplicate_version', row_count - 1
    from repeated_keys
    union all
    select source_system, source_instance, source_table, 'excluded', excluded_reason, rows_excluded
    from row_counts
    union all
    select source_system, source_instance, source_table, 'rejected', 'no_key', rows_rejected
    from row_counts

)

select
    ---------- strings
    source_table,
    outcome,
    reason,

    ---------- numerics
    cast(sum(row_count) as {{ dbt.type_bigint() }}) as row_count,

    ---------- metadata
    source_system,
    source_instance
from unioned
where row_count > 0
group by source_table, outcome, reason, source_system, source_instance
