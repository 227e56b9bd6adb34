select
    ---------- ids
    engagement_key,
    person_key,

    ---------- booleans
    is_primary
from {{ ref('int_engagement_participants') }}
