-- Campaign members with whether they responded, by the campaign's own list of statuses; where the status is not on that
-- list, by what the member itself says.
with

members as (

    select * from {{ ref('stg_salesforce__campaign_members') }}

),

statuses as (

    select
        source_instance,
        campaign_id,
        lower(member_status) as member_status,
        max(case when has_responded then 1 else 0 end) = 1 as has_responded
    from {{ ref('stg_salesforce__campaign_member_statuses') }}
    where not is_deleted
    group by source_instance, campaign_id, lower(member_status)

)

select
    members.source_system,
    members.source_instance,
    members.campaign_member_id,
    members.campaign_id,
    case when members.contact_id is not null then 'contact' else 'lead' end as person_object,
    coalesce(members.contact_id, members.lead_id) as person_record_id,
    members.account_id,
    members.member_status,
    coalesce(statuses.has_responded, members.has_responded, false) as has_responded,
    members.is_deleted,
    members.first_responded_date,
    members.created_at,
    members.modified_at
from members
left join statuses
    on members.source_instance = statuses.source_instance
    and members.campaign_id = statuses.campaign_id
    and lower(members.member_status) = statuses.member_status
