-- Each record that puts a person on an opportunity: a contact role, the contact on the opportunity itself, or a touch on it
-- that took place (a meeting, an e-mail, a call or a recorded conversation). What is no touch is no evidence either:
-- planned, private, internal or cancelled ones. People by their maps; colleagues have no person.
with

opportunities as (

    select * from {{ ref('int_opportunities_resolved') }}

),

crm_records as (

    select * from {{ ref('int_opportunity_person_records') }}

),

touches as (

    select * from {{ ref('int_opportunity_touches') }}

),

touched as (

    select distinct engagement_key from touches

),

touch_people as (

    select engagements.engagement_key, engagements.person_key
    from {{ ref('fct_engagements') }} as engagements
    inner join touched
        on engagements.engagement_key = touched.engagement_key
    where engagements.person_key is not null
    union distinct
    select participants.engagement_key, participants.person_key
    from {{ ref('int_engagement_participants') }} as participants
    inner join touched
        on participants.engagement_key = touched.engagement_key

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
    touches.opportunity_key,
    touch_people.person_key,
    touches.evidence,
    touches.source_object || ':' || touches.source_record_id as source_record_id,
    cast(null as {{ dbt.type_string() }}) as buying_role,
    false as is_primary,
    touches.occurred_at
from touches
inner join touch_people
    on touches.engagement_key = touch_people.engagement_key
