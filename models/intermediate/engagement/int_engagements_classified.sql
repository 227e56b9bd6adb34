-- Each row of the touch tables with its type, or with the reason why it is no touch: every row is here once, so that
-- kept and excluded rows can be counted. First comes what the row itself says (deleted, not done), then time, then the map.
-- Add a system by adding its model here. Each looks up its own keys and hands on no ids of other records: what looks up
-- the keys of all systems at once does not fit into little memory, and ids are dear to write.
{%- set models = ["int_marketo__engagements", "int_salesforce__engagements", "int_gong__engagements"] %}
with

engagements as (

    {% for model_name in models -%}
    select
        source_system, source_instance, source_object, source_record_id,
        person_key, account_key, opportunity_key, campaign_key, user_key,
        source_type, source_detail, fallback_detail, stated_reason, duration_minutes, has_time_of_day, occurred_date, occurred_at
    from {{ ref(model_name) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

users as (

    select user_key, team from {{ ref('dim_users') }}

),

type_map as (

    select * from {{ ref('engagement_type_map') }}

),

as_of as (

    select as_of_date from {{ ref('as_of') }}

)

select
    ---------- ids
    engagements.source_system,
    engagements.source_instance,
    engagements.source_object,
    engagements.source_record_id,
    engagements.person_key,
    engagements.account_key,
    engagements.opportunity_key,
    engagements.campaign_key,
    engagements.user_key,

    ---------- strings
    -- a type that the map does not know is shown as such, never dropped
    case
        when exact_match.source_detail is null and other_match.source_detail is null then 'unmapped'
        when exact_match.source_detail is not null then exact_match.engagement_type
        else other_match.engagement_type
    end as engagement_type,
    case
        when exact_match.source_detail is null and other_match.source_detail is null
            then engagements.source_type || ' / ' || coalesce(engagements.source_detail, '-')
    end as unmapped_type,
    coalesce(users.team, exact_match.default_team, other_match.default_team, 'other') as team,
    case
        when engagements.stated_reason is not null then engagements.stated_reason
        when engagements.occurred_at is null then 'no_time'
        when engagements.occurred_date > as_of.as_of_date then 'in_the_future'
        when exact_match.source_detail is not null then exact_match.exclusion_reason
        else other_match.exclusion_reason
    end as exclusion_reason,

    ---------- numerics
    engagements.duration_minutes,

    ---------- booleans
    engagements.has_time_of_day,

    ---------- dates
    engagements.occurred_date,

    ---------- timestamps
    engagements.occurred_at
from engagements
cross join as_of
left join users
    on engagements.user_key = users.user_key
left join type_map as exact_match
    on engagements.source_system = exact_match.source_system
    and engagements.source_object = exact_match.source_object
    and engagements.source_type = exact_match.source_type
    and engagements.source_detail = exact_match.source_detail
left join type_map as other_match
    on engagements.source_system = other_match.source_system
    and engagements.source_object = other_match.source_object
    and engagements.source_type = other_match.source_type
    and engagements.fallback_detail = other_match.source_detail
