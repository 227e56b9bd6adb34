with

engagements as (

    select * from {{ ref('int_engagements_classified') }} where exclusion_reason is null

),

types as (

    select * from {{ ref('engagement_types') }}

)

select
    ---------- ids
    {{ record_key('engagements.source_system', 'engagements.source_instance', "engagements.source_object || ':' || engagements.source_record_id") }} as engagement_key,
    engagements.person_key,
    engagements.account_key,
    engagements.opportunity_key,
    engagements.campaign_key,
    engagements.user_key,
    engagements.source_record_id,

    ---------- strings
    engagements.source_object,
    engagements.engagement_type,
    types.engagement_class,
    types.direction,
    types.channel,
    engagements.team,

    ---------- numerics
    types.weight,
    engagements.duration_minutes,

    ---------- booleans
    types.is_meeting,
    engagements.has_time_of_day,

    ---------- dates
    engagements.occurred_date,

    ---------- timestamps
    engagements.occurred_at,

    ---------- metadata
    engagements.source_system,
    engagements.source_instance
from engagements
inner join types
    on engagements.engagement_type = types.engagement_type
