-- Memberships in CRM campaigns and marketing programs, side by side, each with the keys of campaign and person.
-- A membership whose campaign is deleted or whose person nobody knows has no such keys.
with

members as (

    select
        source_system,
        source_instance,
        'campaign' as campaign_object,
        campaign_id as campaign_record_id,
        campaign_member_id as source_record_id,
        person_object,
        person_record_id,
        member_status,
        has_responded,
        created_at as joined_at,
        case when has_responded then first_responded_date end as first_responded_date,
        coalesce(modified_at, created_at) as changed_at
    from {{ ref('int_salesforce__campaign_responses') }}
    where not is_deleted
    union all
    select
        source_system,
        source_instance,
        'program' as campaign_object,
        program_id as campaign_record_id,
        lead_id || '|' || program_id as source_record_id,
        'lead' as person_object,
        lead_id as person_record_id,
        member_status,
        coalesce(is_success, false) as has_responded,
        joined_at,
        case when is_success then {{ business_date('succeeded_at') }} end as first_responded_date,
        coalesce(succeeded_at, joined_at) as changed_at
    from {{ ref('stg_marketo__program_memberships') }}
    where not is_deleted

)

select
    members.source_system,
    members.source_instance,
    members.source_record_id,
    campaigns.campaign_key,
    map_people.person_key,
    members.member_status,
    members.has_responded,
    members.first_responded_date,
    members.joined_at,
    members.changed_at
from members
left join {{ ref('int_campaigns_mapped') }} as campaigns
    on members.source_system = campaigns.source_system
    and members.source_instance = campaigns.source_instance
    and members.campaign_object = campaigns.source_object
    and members.campaign_record_id = campaigns.source_record_id
left join {{ ref('map_people') }} as map_people
    on members.source_system = map_people.source_system
    and members.source_instance = map_people.source_instance
    and members.person_object = map_people.source_object
    and members.person_record_id = map_people.source_record_id
