{{ config(materialized="view") }}

{%- set models = [
    "int_salesforce__task_engagements",
    "int_salesforce__event_engagements",
    "int_salesforce__campaign_engagements",
] %}

-- The CRM's touches in the shared shape of engagements. Each lookup is by a unique key, so that no touch multiplies. The
-- account, strongest first: what the CRM noted on the touch when it happened (a deal may be filed elsewhere later), the
-- record that the touch is about, the account that the person's record speaks for. Who is unknown stays without a person.
with

engagements as (

    {% for model_name in models -%}
    select
        source_system, source_instance, source_object, source_record_id,
        person_object, person_record_id, account_record_id, related_record_id, campaign_record_id, user_record_id,
        source_type, source_detail, stated_reason, duration_minutes, has_time_of_day, occurred_date, occurred_at
    from {{ ref(model_name) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

people as (

    select * from {{ ref('int_engagement_person_records') }} where source_system = 'salesforce'

),

campaigns as (

    select * from {{ ref('int_campaigns_mapped') }} where source_system = 'salesforce' and source_object = 'campaign'

),

records as (

    select * from {{ ref('int_engagement_related_records') }} where source_system = 'salesforce'

),

users as (

    select * from {{ ref('int_users_mapped') }} where source_system = 'salesforce'

)

select
    ---------- ids
    engagements.source_system,
    engagements.source_instance,
    engagements.source_object,
    engagements.source_record_id,
    people.person_key,
    coalesce(accounts.account_key, related.account_key, people.account_key) as account_key,
    related.opportunity_key,
    campaigns.campaign_key,
    users.user_key,

    ---------- strings
    engagements.source_type,
    engagements.source_detail,
    '*' as fallback_detail,
    engagements.stated_reason,

    ---------- numerics
    engagements.duration_minutes,

    ---------- booleans
    engagements.has_time_of_day,

    ---------- dates
    engagements.occurred_date,

    ---------- timestamps
    engagements.occurred_at
from engagements
left join people
    on engagements.source_instance = people.source_instance
    and engagements.person_object = people.source_object
    and engagements.person_record_id = people.source_record_id
left join records as related
    on engagements.source_instance = related.source_instance
    and engagements.related_record_id = related.source_record_id
left join records as accounts
    on engagements.source_instance = accounts.source_instance
    and engagements.account_record_id = accounts.source_record_id
left join campaigns
    on engagements.source_instance = campaigns.source_instance
    and engagements.campaign_record_id = campaigns.source_record_id
left join users
    on engagements.source_instance = users.source_instance
    and engagements.user_record_id = users.source_record_id
