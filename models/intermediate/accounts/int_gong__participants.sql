-- Participants of calls who are no colleagues, with the CRM records that Gong ties them to. A participant is known by call
-- and participant id together. Ties to more than one record of a kind decide nothing and are left out. So is who was on a
-- deleted call only: no mart shows such a call, and most loaders land nothing of it.
with

participants as (

    select * from {{ ref("stg_gong__call_participants") }} where not is_deleted

),

calls as (

    select * from {{ ref("stg_gong__calls") }}

),

outside as (

    select source_instance, call_id, participant_id
    from {{ ref("int_gong__participant_sides") }}
    where side <> 'company'

),

links as (

    select
        source_instance,
        call_id,
        participant_id,
        min(case when lower(object_type) = 'contact' then object_id end) as contact_record_id,
        max(case when lower(object_type) = 'contact' then object_id end) as other_contact_record_id,
        min(case when lower(object_type) = 'lead' then object_id end) as lead_record_id,
        max(case when lower(object_type) = 'lead' then object_id end) as other_lead_record_id,
        min(case when lower(object_type) = 'account' then object_id end) as account_record_id,
        max(case when lower(object_type) = 'account' then object_id end) as other_account_record_id
    from {{ ref("stg_gong__participant_crm_links") }}
    where not is_deleted
    group by source_instance, call_id, participant_id

)

select
    ---------- ids
    {{ record_key('participants.source_system', 'participants.source_instance', "participants.call_id || ':' || participants.participant_id") }} as record_key,
    participants.call_id || ':' || participants.participant_id as source_record_id,
    participants.call_id,
    participants.participant_id,
    case when links.contact_record_id = links.other_contact_record_id then links.contact_record_id end as contact_record_id,
    case when links.lead_record_id = links.other_lead_record_id then links.lead_record_id end as lead_record_id,
    case when links.account_record_id = links.other_account_record_id then links.account_record_id end as account_record_id,

    ---------- strings
    lower(participants.email_address) as email_address,
    {{ email_host('participants.email_address') }} as email_host,
    participants.job_title,

    ---------- timestamps
    calls.started_at,

    ---------- metadata
    participants.source_system,
    participants.source_instance
from participants
inner join outside
    on participants.source_instance = outside.source_instance
        and participants.call_id = outside.call_id
        and participants.participant_id = outside.participant_id
left join calls on participants.source_instance = calls.source_instance and participants.call_id = calls.call_id
left join links
    on participants.source_instance = links.source_instance
        and participants.call_id = links.call_id
        and participants.participant_id = links.participant_id
where not coalesce(calls.is_deleted, false)
