select
    ---------- ids
    engagement_key,
    person_key,
    account_key,
    opportunity_key,
    campaign_key,
    user_key,
    source_record_id,

    ---------- strings
    source_object,
    engagement_type,
    engagement_class,
    direction,
    channel,
    team,

    ---------- numerics
    weight,
    duration_minutes,

    ---------- booleans
    is_meeting,
    has_time_of_day,

    ---------- dates
    occurred_date,

    ---------- timestamps
    occurred_at,

    ---------- metadata
    source_system,
    source_instance
from {{ ref('int_engagements_resolved') }}
