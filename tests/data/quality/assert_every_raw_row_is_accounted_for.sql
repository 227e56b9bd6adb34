-- Rows in = kept + superseded + excluded + rejected, for every raw table of every instance, touches included: each
-- staged touch is in the engagement marts once or excluded for a reason.
select source_system, source_instance, source_table, min(rows_in) as rows_in, sum(row_count) as rows_accounted_for
from {{ ref("fct_source_reconciliation") }}
group by source_system, source_instance, source_table
having sum(row_count) != min(rows_in) or min(rows_in) != max(rows_in)
