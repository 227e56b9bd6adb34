{{ config(materialized="view") }}

-- Responses to CRM campaigns in the shared shape of engagements. A response that marketing automation recorded for the
-- same person and the same campaign is counted there. The day of the response is a date as the CRM states it.
with

members as (

    select * from {{ ref('int_salesforce__campaign_responses') }}

),

campaigns as (

    select * from {{ ref('int_campaigns_mapped') }} where source_system = 'salesforce'

),

map_people as (

    select * from {{ ref('map_people') }} where source_system = 'salesforce'

),

program_responses as (

    select * from {{ ref('int_marketo__program_responses') }}

)

select
    ---------- ids
    members.source_system,
    members.source_instance,
    'campaign_member' as source_object,
    members.campaign_member_id as source_record_id,
    members.person_object,
    members.person_record_id,
    members.account_id as account_record_id,
    cast(null as {{ dbt.type_string() }}) as related_record_id,
    members.campaign_id as campaign_record_id,
    cast(null as {{ dbt.type_string() }}) as user_record_id,

    ---------- strings
    case when members.has_responded then 'response' else 'no_response' end as source_type,
    case when program_responses.person_key is not null then 'same_response_in_marketing' end as source_detail,
    case when members.is_deleted then 'deleted' end as stated_reason,

    ---------- numerics
    cast(null as {{ type_decimal(9, 2) }}) as duration_minutes,

    ---------- booleans
    members.first_responded_date is null as has_time_of_day,

    ---------- dates
    coalesce(members.first_responded_date, {{ business_date('members.modified_at') }}, {{ business_date('members.created_at') }}) as occurred_date,

    ---------- timestamps
    coalesce(cast(members.first_responded_date as {{ dbt.type_timestamp() }}), members.modified_at, members.created_at) as occurred_at
from members
left join campaigns
    on members.source_instance = campaigns.source_instance
    and members.campaign_id = campaigns.source_record_id
left join map_people
    on members.source_instance = map_people.source_instance
    and members.person_object = map_people.source_object
    and members.person_record_id = map_people.source_record_id
left join program_responses
    on campaigns.campaign_key = program_responses.campaign_key
    and map_people.person_key = program_responses.person_key
