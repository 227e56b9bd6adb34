{{ config(severity="warn") }}

-- Values that did not parse and rows without a key, by column: to be mended in the source. They are NULL or left out
-- here; `fct_rejected_values` names the records.
select source_system, source_instance, source_table, column_name, reason, sum(row_count) as rows_rejected
from {{ ref("fct_rejected_values") }}
group by source_system, source_instance, source_table, column_name, reason
