-- Rows in = kept + superseded + excluded + rejected, for every raw table of every instance. The parts are counted
-- apart from each other, so a row that a staging model loses or multiplies shows here.
with

reconciliation as (

    select source_system, source_instance, source_table, row_count, rows_in
    from {{ ref("fct_source_reconciliation") }}

),

outcomes_without_table as (

    select outcomes.source_system, outcomes.source_instance, outcomes.source_table
    from {{ ref("int_source_row_outcomes") }} as outcomes
    left join reconciliation
        on outcomes.source_system = reconciliation.source_system
        and outcomes.source_instance = reconciliation.source_instance
        and outcomes.source_table = reconciliation.source_table
    where reconciliation.source_table is null

)

select source_system, source_instance, source_table, min(rows_in) as rows_in, sum(row_count) as rows_accounted_for
from reconciliation
group by source_system, source_instance, source_table
having sum(row_count) != min(rows_in) or min(rows_in) != max(rows_in)
union all
select source_system, source_instance, source_table, 0, 0
from outcomes_without_table
