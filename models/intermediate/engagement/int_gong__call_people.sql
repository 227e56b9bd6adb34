-- People on recorded calls, with their side and how long they spoke. Who they are comes from the map of people; the account from the CRM contact or lead
-- that the call names for them where all such records agree, else the person's own.
with

participants as (

    select * from {{ ref('stg_gong__call_participants') }} where not is_deleted

),

speakers as (

    select * from {{ ref('stg_gong__call_speakers') }} where not is_deleted

),

users as (

    select * from {{ ref('int_users_mapped') }} where source_system = 'gong'

),

person_records as (

    select * from {{ ref('int_engagement_person_records') }}

),

stated_accounts as (

    select
        links.source_instance,
        links.call_id,
        links.participant_id,
        min(person_records.account_key) as account_key
    from {{ ref('stg_gong__participant_crm_links') }} as links
    left join {{ ref('int_crm_ids') }} as crm_ids
        on links.object_id = crm_ids.source_record_id
    inner join person_records
        on person_records.source_system = 'salesforce'
        and links.object_id = person_records.source_record_id
        and coalesce(crm_ids.source_instance, links.source_instance) = person_records.source_instance
    where not links.is_deleted
        and person_records.account_key is not null
    group by links.source_instance, links.call_id, links.participant_id
    having count(distinct person_records.account_key) = 1

)

select
    ---------- ids
    participants.source_instance,
    participants.call_id,
    participants.participant_id,
    participants.speaker_id,
    users.user_key,
    person_records.person_key,
    coalesce(stated_accounts.account_key, person_records.account_key) as account_key,

    ---------- strings
    sides.side,

    ---------- numerics
    speakers.talk_seconds
from participants
inner join {{ ref('int_gong__participant_sides') }} as sides
    on participants.source_instance = sides.source_instance
    and participants.call_id = sides.call_id
    and participants.participant_id = sides.participant_id
left join speakers
    on participants.source_instance = speakers.source_instance
    and participants.call_id = speakers.call_id
    and participants.speaker_id = speakers.speaker_id
left join users
    on participants.source_instance = users.source_instance
    and participants.user_id = users.source_record_id
left join person_records
    on person_records.source_system = 'gong'
    and person_records.source_object = 'participant'
    and participants.source_instance = person_records.source_instance
    and participants.call_id || ':' || participants.participant_id = person_records.source_record_id
left join stated_accounts
    on participants.source_instance = stated_accounts.source_instance
    and participants.call_id = stated_accounts.call_id
    and participants.participant_id = stated_accounts.participant_id
