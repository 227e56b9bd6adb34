-- Everybody outside who took part in a touch that several people can share: meetings and recorded calls. The person that
-- the touch itself names is one of them.
with

engagements as (

    select
        engagement_key,
        person_key,
        source_system,
        source_instance,
        source_object,
        source_record_id
    from {{ ref('fct_engagements') }}
    where is_meeting

),

person_records as (

    select * from {{ ref('int_engagement_person_records') }}

),

participations as (

    select
        engagement_key,
        person_key,
        1 as is_primary
    from engagements
    where person_key is not null
    union all
    select
        engagements.engagement_key,
        person_records.person_key,
        0 as is_primary
    from engagements
    inner join {{ ref('int_salesforce__event_invitees') }} as invitees
        on engagements.source_system = 'salesforce'
        and engagements.source_object = 'event'
        and engagements.source_instance = invitees.source_instance
        and engagements.source_record_id = invitees.event_id
    inner join person_records
        on person_records.source_system = 'salesforce'
        and invitees.source_instance = person_records.source_instance
        and invitees.person_object = person_records.source_object
        and invitees.person_record_id = person_records.source_record_id
    union all
    select
        engagements.engagement_key,
        call_people.person_key,
        0 as is_primary
    from engagements
    inner join {{ ref('int_gong__call_people') }} as call_people
        on engagements.source_system = 'gong'
        and engagements.source_instance = call_people.source_instance
        and engagements.source_record_id = call_people.call_id
    where call_people.side <> 'company'
        and call_people.person_key is not null

)

select
    engagement_key,
    person_key,
    max(is_primary) = 1 as is_primary
from participations
group by engagement_key, person_key
