{{ config(materialized="view") }}

-- Meetings, e-mails and calls that took place, with the opportunities that they were about: a recorded conversation may
-- name several, and then it is the touch of none alone but evidence for each.
with

opportunities as (

    select * from {{ ref('int_opportunities_resolved') }}

),

engagements as (

    select
        *,
        case
            when channel = 'email' then 'email'
            when channel = 'phone' or engagement_type = 'conversation_recorded' then 'call'
            when is_meeting then 'meeting'
        end as evidence
    from {{ ref('fct_engagements') }}

),

call_links as (

    select * from {{ ref('stg_gong__call_crm_links') }}
    where lower(object_type) = 'opportunity'
        and not is_deleted

),

crm_ids as (

    select * from {{ ref('int_crm_ids') }}

)

select engagement_key, opportunity_key, source_object, source_record_id, evidence, occurred_at
from engagements
where opportunity_key is not null
    and evidence is not null

union distinct

select
    engagements.engagement_key, opportunities.opportunity_key, engagements.source_object, engagements.source_record_id,
    engagements.evidence, engagements.occurred_at
from engagements
inner join call_links
    on engagements.source_system = 'gong'
    and engagements.source_instance = call_links.source_instance
    and engagements.source_record_id = call_links.call_id
left join crm_ids
    on call_links.object_id = crm_ids.source_record_id
inner join opportunities
    on call_links.object_id = opportunities.opportunity_id
    and coalesce(crm_ids.source_instance, call_links.source_instance) = opportunities.source_instance
where engagements.evidence is not null
