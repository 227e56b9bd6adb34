{{ config(severity="warn") }}

-- Numbers that teams reported and that cannot be used: mend their rows in `seeds/overrides/reported_metrics.csv`.
select report_id, rejection_reason
from {{ ref("fct_reported_metric_gaps") }}
where rejection_reason is not null
