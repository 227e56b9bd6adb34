-- Recorded calls with account, opportunity, buyer and colleague. What the call's own evidence leaves open, the CRM's log of
-- the same meeting may know. The primary person is the known buyer who spoke longest, then the smallest key.
with

crm_meetings as (

    select
        pairs.source_instance,
        pairs.call_id,
        min(meetings.account_key) as account_key,
        count(distinct meetings.account_key) as account_count,
        min(meetings.opportunity_key) as opportunity_key,
        count(distinct meetings.opportunity_key) as opportunity_count,
        min(meetings.person_key) as person_key
    from {{ ref('int_conversation_crm_records') }} as pairs
    inner join {{ ref('int_salesforce__meetings') }} as meetings
        on pairs.crm_instance = meetings.source_instance
        and pairs.crm_record_id = meetings.crm_record_id
    group by pairs.source_instance, pairs.call_id

),

buyers as (

    select
        source_instance,
        call_id,
        person_key,
        row_number() over (
            partition by source_instance, call_id
            order by coalesce(talk_seconds, 0) desc, person_key, participant_id
        ) as buyer_rank
    from {{ ref('int_gong__call_people') }}
    where side <> 'company'
        and person_key is not null

)

select
    evidence.source_instance,
    evidence.call_id,
    coalesce(buyers.person_key, crm_meetings.person_key) as person_key,
    coalesce(evidence.account_key, case when evidence.account_evidence = 'none' and crm_meetings.account_count = 1 then crm_meetings.account_key end) as account_key,
    coalesce(evidence.opportunity_key, case when crm_meetings.opportunity_count = 1 then crm_meetings.opportunity_key end) as opportunity_key
from {{ ref('int_gong__call_evidence') }} as evidence
left join crm_meetings
    on evidence.source_instance = crm_meetings.source_instance
    and evidence.call_id = crm_meetings.call_id
left join buyers
    on evidence.source_instance = buyers.source_instance
    and evidence.call_id = buyers.call_id
    and buyers.buyer_rank = 1
