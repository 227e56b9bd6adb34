-- Each record that puts a person on an opportunity: a contact role, the contact on the opportunity itself, a meeting,
-- an e-mail or a call on it, in the CRM or in conversation intelligence. People by their maps; colleagues have no person.
with

opportunities as (

    select * from {{ ref('int_opportunities_resolved') }}

),

crm_records as (

    select * from {{ ref('int_opportunity_person_records') }}

),

participants as (

    select * from {{ ref('stg_gong__call_participants') }}
    where not is_deleted

),

calls as (

    select * from {{ ref('stg_gong__calls') }}
    where not is_deleted

),

call_links as (

    select distinct source_instance, call_id, object_id
    from {{ ref('stg_gong__call_crm_links') }}
    where lower(object_type) = 'opportunity'
        and not is_deleted

),

-- a call names the record, not the CRM instance: only an id that one instance alone has can be meant
unambiguous as (

    select opportunity_id, max(opportunity_key) as opportunity_key
    from opportunities
    group by opportunity_id
    having count(*) = 1

),

people as (

    select * from {{ ref('map_people') }}

)

select
    opportunities.opportunity_key,
    people.person_key,
    crm_records.evidence,
    crm_records.source_object || ':' || crm_records.source_record_id as source_record_id,
    crm_records.buying_role,
    crm_records.is_primary,
    crm_records.occurred_at
from crm_records
inner join opportunities
    on crm_records.source_system = opportunities.source_system
    and crm_records.source_instance = opportunities.source_instance
    and crm_records.opportunity_id = opportunities.opportunity_id
inner join people
    on crm_records.source_system = people.source_system
    and crm_records.source_instance = people.source_instance
    and crm_records.person_record_id = people.source_record_id
    and people.source_object in ('contact', 'lead')

union all

select
    unambiguous.opportunity_key,
    people.person_key,
    'call' as evidence,
    'conversation:' || participants.call_id || ':' || participants.participant_id as source_record_id,
    cast(null as {{ dbt.type_string() }}) as buying_role,
    false as is_primary,
    calls.started_at as occurred_at
from call_links
inner join unambiguous
    on call_links.object_id = unambiguous.opportunity_id
inner join calls
    on call_links.source_instance = calls.source_instance
    and call_links.call_id = calls.call_id
inner join participants
    on call_links.source_instance = participants.source_instance
    and call_links.call_id = participants.call_id
inner join people
    on people.source_system = 'gong'
    and participants.source_instance = people.source_instance
    and participants.call_id || ':' || participants.participant_id = people.source_record_id
    and people.source_object = 'participant'
