-- CRM records that name a person on an opportunity, in one shape.
with

opportunities as (

    select * from {{ ref('int_opportunities_resolved') }}

),

contact_roles as (

    select * from {{ ref('stg_salesforce__opportunity_contact_roles') }}
    where not is_deleted

),

events as (

    -- a child event is an invitee's copy of the same meeting
    select * from {{ ref('stg_salesforce__events') }}
    where not is_deleted
        and what_id like '006%'
        and is_child is not true

),

invitations as (

    select * from {{ ref('stg_salesforce__event_relations') }}
    where not is_deleted

),

tasks as (

    select
        source_system, source_instance, task_id, what_id, who_id,
        case
            when lower(coalesce(task_subtype, task_type)) = 'email' or lower(task_type) = 'email' then 'email'
            when lower(coalesce(task_subtype, task_type)) = 'call' or lower(task_type) = 'call' then 'call'
        end as evidence,
        coalesce(completed_at, created_at) as occurred_at
    from {{ ref('stg_salesforce__tasks') }}
    where not is_deleted
        and what_id like '006%'

)

select
    source_system, source_instance, 'contact_role' as source_object, opportunity_contact_role_id as source_record_id, opportunity_id,
    contact_id as person_record_id, 'contact role' as evidence, buying_role, coalesce(is_primary, false) as is_primary, created_at as occurred_at
from contact_roles
union all
select
    source_system, source_instance, 'opportunity' as source_object, opportunity_id as source_record_id, opportunity_id,
    contact_id as person_record_id, 'contact role' as evidence, cast(null as {{ dbt.type_string() }}) as buying_role, false as is_primary, created_at as occurred_at
from opportunities
where contact_id is not null
union all
select
    events.source_system, events.source_instance, 'event' as source_object, events.event_id as source_record_id, events.what_id as opportunity_id,
    events.who_id as person_record_id, 'meeting' as evidence, null as buying_role, false as is_primary, coalesce(events.started_at, events.activity_at, events.created_at) as occurred_at
from events
where events.who_id is not null
union all
select
    events.source_system, events.source_instance, 'event' as source_object, events.event_id as source_record_id, events.what_id as opportunity_id,
    invitations.relation_id as person_record_id, 'meeting' as evidence, null as buying_role, false as is_primary, coalesce(events.started_at, events.activity_at, events.created_at) as occurred_at
from events
inner join invitations
    on events.source_system = invitations.source_system
    and events.source_instance = invitations.source_instance
    and events.event_id = invitations.event_id
union all
select
    source_system, source_instance, 'task' as source_object, task_id as source_record_id, what_id as opportunity_id,
    who_id as person_record_id, evidence, null as buying_role, false as is_primary, occurred_at
from tasks
where who_id is not null
    and evidence is not null
