-- The person of each outside participant: the CRM record that Gong ties it to, else the one person who has its address,
-- else whoever uses that address. Without tie and address nobody can say who it was, and the participant has no row.
with

participants as (

    select * from {{ ref("int_gong__participants") }}

),

people as (

    select * from {{ ref("int_person_keys") }}

),

crm_people as (

    select * from people where source_system = 'salesforce'

),

crm_ids as (

    select * from {{ ref("int_crm_ids") }}

),

tied as (

    select
        participants.record_key,
        participants.source_record_id,
        participants.source_system,
        participants.source_instance,
        participants.started_at,
        coalesce(contacts.person_key, leads.person_key) as tied_person_key,
        case when role_mailboxes.mailbox is null and participants.email_host is not null then participants.email_address end as matching_email,
        role_mailboxes.mailbox is not null as is_role_mailbox
    from participants
    left join crm_ids as contact_ids on participants.contact_record_id = contact_ids.source_record_id
    left join crm_people as contacts
        on participants.contact_record_id = contacts.source_record_id
            and coalesce(contact_ids.source_instance, participants.source_instance) = contacts.source_instance
            and contacts.source_object = 'contact'
    left join crm_ids as lead_ids on participants.lead_record_id = lead_ids.source_record_id
    left join crm_people as leads
        on participants.lead_record_id = leads.source_record_id
            and coalesce(lead_ids.source_instance, participants.source_instance) = leads.source_instance
            and leads.source_object = 'lead'
    left join {{ ref("role_mailboxes") }} as role_mailboxes
        on {{ email_mailbox('participants.email_address') }} = role_mailboxes.mailbox

),

address_holders as (

    select matching_email, person_key
    from people
    where matching_email is not null
    union distinct
    select matching_email, tied_person_key as person_key
    from tied
    where matching_email is not null and tied_person_key is not null

),

clear_addresses as (

    select
        matching_email,
        min(person_key) as person_key
    from address_holders
    group by matching_email
    having count(*) = 1

)

select
    ---------- ids
    tied.record_key,
    coalesce(
        tied.tied_person_key,
        clear_addresses.person_key,
        first_value(tied.record_key) over (
            partition by tied.matching_email, case when tied.tied_person_key is null then 1 else 0 end
            order by tied.started_at nulls last, tied.record_key
            rows between unbounded preceding and unbounded following
        )
    ) as person_key,
    tied.source_record_id,

    ---------- strings
    tied.matching_email,
    case
        when tied.tied_person_key is not null then 'foreign_id'
        when clear_addresses.person_key is not null then 'email'
        else 'own_record'
    end as evidence,

    ---------- booleans
    tied.is_role_mailbox,

    ---------- timestamps
    tied.started_at,

    ---------- metadata
    tied.source_system,
    tied.source_instance
from tied
left join clear_addresses on tied.matching_email = clear_addresses.matching_email
where tied.tied_person_key is not null or tied.matching_email is not null
