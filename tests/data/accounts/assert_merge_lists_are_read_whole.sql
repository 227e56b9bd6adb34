-- A merge activity names at most as many losers as `int_marketo__lead_merges` reads.
select activity_id
from {{ ref("stg_marketo__activity_lead_merges") }}
where length(merged_lead_ids) - length(replace(merged_lead_ids, ',', '')) >= 100
