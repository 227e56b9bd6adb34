-- Which account and opportunity a recorded call belongs to, from the call's own evidence: the CRM account that the recorder
-- attached; where it attached none or several (a reseller's and the customer's), the account of the deal; where it attached
-- no CRM record, the people on the buyer's side. Evidence that points at two accounts decides nothing.
with

linked as (

    select
        links.source_instance,
        links.call_id,
        min(records.opportunity_key) as opportunity_key,
        count(distinct records.opportunity_key) as opportunity_count,
        min(case when links.object_id not like '001%' then records.account_key end) as deal_account_key,
        count(distinct case when links.object_id not like '001%' then records.account_key end) as deal_account_count,
        min(case when links.object_id like '001%' then records.account_key end) as account_key,
        count(distinct case when links.object_id like '001%' then records.account_key end) as account_count
    from {{ ref('stg_gong__call_crm_links') }} as links
    left join {{ ref('int_crm_ids') }} as crm_ids
        on links.object_id = crm_ids.source_record_id
    inner join {{ ref('int_engagement_related_records') }} as records
        on links.object_id = records.source_record_id
        and coalesce(crm_ids.source_instance, links.source_instance) = records.source_instance
    where not links.is_deleted
    group by links.source_instance, links.call_id

),

people as (

    select
        source_instance,
        call_id,
        min(account_key) as account_key,
        count(distinct account_key) as account_count
    from {{ ref('int_gong__call_people') }}
    where side <> 'company'
    group by source_instance, call_id

)

select
    calls.source_instance,
    calls.call_id,
    case when linked.opportunity_count = 1 then linked.opportunity_key end as opportunity_key,
    case
        when linked.account_count = 1 then linked.account_key
        when linked.deal_account_count = 1 then linked.deal_account_key
        when linked.account_count > 1 or linked.deal_account_count > 1 then null
        when people.account_count = 1 then people.account_key
    end as account_key,
    case
        when linked.deal_account_count >= 1 or linked.account_count >= 1 then 'crm_record'
        when people.account_count >= 1 then 'people'
        else 'none'
    end as account_evidence
from {{ ref('stg_gong__calls') }} as calls
left join linked
    on calls.source_instance = linked.source_instance
    and calls.call_id = linked.call_id
left join people
    on calls.source_instance = people.source_instance
    and calls.call_id = people.call_id
