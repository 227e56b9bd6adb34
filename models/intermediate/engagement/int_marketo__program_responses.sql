-- Who responded to which program, by Marketo's own record of status changes: the same response comes back through the
-- CRM's campaign members where program and campaign are synced.
select distinct
    campaigns.campaign_key,
    map_people.person_key
from {{ ref('stg_marketo__activity_program_status_changes') }} as status_changes
inner join {{ ref('int_campaigns_mapped') }} as campaigns
    on campaigns.source_object = 'program'
    and status_changes.source_system = campaigns.source_system
    and status_changes.source_instance = campaigns.source_instance
    and status_changes.asset_id = campaigns.source_record_id
inner join {{ ref('map_people') }} as map_people
    on map_people.source_object = 'lead'
    and status_changes.source_system = map_people.source_system
    and status_changes.source_instance = map_people.source_instance
    and status_changes.lead_id = map_people.source_record_id
where not status_changes.is_deleted
    and status_changes.is_success
