-- A staged row of a table of touches is kept only where it stands in the engagement marts: there, their own account
-- of kept and excluded rows takes the place of "kept by staging".
with

row_counts as (

    select source_system, source_instance, source_table, rows_in from {{ ref("stg_salesforce__row_counts") }}
    union all
    select source_system, source_instance, source_table, rows_in from {{ ref("stg_marketo__row_counts") }}
    union all
    select source_system, source_instance, source_table, rows_in from {{ ref("stg_gong__row_counts") }}

),

touch_outcomes as (

    select source_system, source_instance, source_table, outcome, reason, row_count
    from {{ ref("int_engagement_row_outcomes") }}

),

staged_outcomes as (

    select source_system, source_instance, source_table, outcome, reason, row_count
    from {{ ref("int_source_row_outcomes") }} as outcomes
    where outcome != 'kept'
        or not exists (
            select 1
            from touch_outcomes
            where touch_outcomes.source_system = outcomes.source_system
                and touch_outcomes.source_instance = outcomes.source_instance
                and touch_outcomes.source_table = outcomes.source_table
        )

),

row_outcomes as (

    select source_system, source_instance, source_table, outcome, reason, row_count from touch_outcomes
    union all
    select source_system, source_instance, source_table, outcome, reason, row_count from staged_outcomes

),

-- an empty table is listed too: no rows came in, none were kept
joined as (

    select
        row_counts.source_system,
        row_counts.source_instance,
        row_counts.source_table,
        coalesce(row_outcomes.outcome, 'kept') as outcome,
        coalesce(row_outcomes.reason, 'newest_version') as reason,
        coalesce(row_outcomes.row_count, 0) as row_count,
        row_counts.rows_in
    from row_counts
    left join row_outcomes
        on row_counts.source_system = row_outcomes.source_system
        and row_counts.source_instance = row_outcomes.source_instance
        and row_counts.source_table = row_outcomes.source_table

)

select
    ---------- strings
    source_system,
    source_instance,
    source_table,
    outcome,
    reason,

    ---------- numerics
    cast(row_count as {{ dbt.type_bigint() }}) as row_count,
    cast(rows_in as {{ dbt.type_bigint() }}) as rows_in
from joined
