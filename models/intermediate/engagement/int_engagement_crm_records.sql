-- CRM accounts and opportunities by their id alone, for systems that name such an id but not the instance of the CRM.
-- Where instances disagree about an id (a copy of the CRM), nothing is claimed.
select
    source_record_id as crm_record_id,
    min(account_key) as account_key,
    min(opportunity_key) as opportunity_key
from {{ ref('int_engagement_related_records') }}
group by source_record_id
having count(distinct account_key) <= 1
    and count(distinct opportunity_key) <= 1
