-- One row per record, column and reason; a record id is NULL for rows without a key, so no constraint can say it.
select source_system, source_instance, source_table, source_record_id, column_name, reason
from {{ ref("fct_rejected_values") }}
group by source_system, source_instance, source_table, source_record_id, column_name, reason
having count(*) > 1
