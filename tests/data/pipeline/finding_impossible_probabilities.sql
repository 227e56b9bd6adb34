{{ config(severity='warn') }}
-- A probability outside 0 to 100 percent is shown as unknown. Mend it in the CRM.
select source_instance, opportunity_id
from {{ ref('stg_salesforce__opportunities') }}
where probability_percent < 0
    or probability_percent > 100
