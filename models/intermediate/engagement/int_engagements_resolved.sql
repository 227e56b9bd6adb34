{{ config(materialized="view") }}

-- Each row of the touch tables with the keys of whom and what it is about. Each lookup is by a unique key, so that no touch
-- multiplies. The account, strongest first: the conversation's own evidence, the account that the CRM noted on the touch when
-- it happened (a deal may be filed elsewhere later), the record that the touch is about, the account that the person's record
-- speaks for. Who is unknown stays without a person, and is kept.
with

engagements as (

    select * from {{ ref('int_engagements_unioned') }}

),

users as (

    select
        users_mapped.source_system,
        users_mapped.source_instance,
        users_mapped.source_record_id,
        users_mapped.user_key,
        users.team
    from {{ ref('int_users_mapped') }} as users_mapped
    left join {{ ref('dim_users') }} as users
        on users_mapped.user_key = users.user_key

)

select
    ---------- ids
    engagements.source_system,
    engagements.source_instance,
    engagements.source_object,
    engagements.source_record_id,
    coalesce(engagements.stated_person_key, people.person_key) as person_key,
    coalesce(engagements.stated_account_key, accounts.account_key, related.account_key, people.account_key) as account_key,
    coalesce(engagements.stated_opportunity_key, related.opportunity_key) as opportunity_key,
    campaigns.campaign_key,
    users.user_key,

    ---------- strings
    engagements.source_type,
    engagements.source_detail,
    engagements.fallback_detail,
    engagements.stated_reason,
    users.team as user_team,

    ---------- numerics
    engagements.duration_minutes,

    ---------- booleans
    engagements.has_time_of_day,

    ---------- dates
    engagements.occurred_date,

    ---------- timestamps
    engagements.occurred_at
from engagements
left join {{ ref('int_engagement_person_records') }} as people
    on engagements.person_record_id = people.source_record_id
    and engagements.person_object = people.source_object
    and engagements.source_system = people.source_system
    and engagements.source_instance = people.source_instance
left join {{ ref('int_engagement_related_records') }} as related
    on engagements.related_record_id = related.source_record_id
    and engagements.source_system = related.source_system
    and engagements.source_instance = related.source_instance
left join {{ ref('int_engagement_related_records') }} as accounts
    on engagements.account_record_id = accounts.source_record_id
    and engagements.source_system = accounts.source_system
    and engagements.source_instance = accounts.source_instance
left join {{ ref('int_campaigns_mapped') }} as campaigns
    on engagements.campaign_record_id = campaigns.source_record_id
    and engagements.campaign_object = campaigns.source_object
    and engagements.source_system = campaigns.source_system
    and engagements.source_instance = campaigns.source_instance
left join users
    on engagements.user_record_id = users.source_record_id
    and engagements.source_system = users.source_system
    and engagements.source_instance = users.source_instance
