-- Rows in = rows staged + superseded + excluded + rejected, for every raw table. The parts are counted apart from each
-- other, so a row that a staging model loses or multiplies shows here.
with

row_counts as (

    select source_system, source_instance, source_table, rows_in, 0 as row_count from {{ ref("stg_salesforce__row_counts") }}
    union all
    select source_system, source_instance, source_table, rows_in, 0 as row_count from {{ ref("stg_marketo__row_counts") }}
    union all
    select source_system, source_instance, source_table, rows_in, 0 as row_count from {{ ref("stg_gong__row_counts") }}

),

unioned as (

    select source_system, source_instance, source_table, rows_in, row_count from row_counts
    union all
    select source_system, source_instance, source_table, 0 as rows_in, row_count
    from {{ ref("int_source_row_outcomes") }}

)

select source_system, source_instance, source_table, sum(rows_in) as rows_in, sum(row_count) as rows_accounted_for
from unioned
group by source_system, source_instance, source_table
having sum(rows_in) != sum(row_count)
