-- A few values that do not parse, or rows without a key, are counted and shown; so many of them that a whole column or
-- load must be broken stop the publish: the setting `finding_ceilings` says how many. `warn_values_are_rejected` names the rest.
with

rejected as (

    select source_system, source_instance, source_table, column_name, reason, sum(row_count) as rows_rejected
    from {{ ref("fct_rejected_values") }}
    group by source_system, source_instance, source_table, column_name, reason

),

tables as (

    select distinct source_system, source_instance, source_table, rows_in
    from {{ ref("fct_source_reconciliation") }}

)

select
    rejected.source_system, rejected.source_instance, rejected.source_table, rejected.column_name, rejected.reason,
    rejected.rows_rejected, tables.rows_in
from rejected
inner join tables
    on rejected.source_system = tables.source_system
    and rejected.source_instance = tables.source_instance
    and rejected.source_table = tables.source_table
where rejected.rows_rejected >= {{ var("finding_ceilings")["fewest_that_block"] }}
    and rejected.rows_rejected > {{ var("finding_ceilings")["rejected_values"] }} * tables.rows_in
