with

opportunities as (

    select * from {{ ref('stg_salesforce__opportunities') }}

),

stages as (

    select * from {{ ref('int_opportunity_stages_mapped') }}

),

type_map as (

    select * from {{ ref('opportunity_type_map') }}

),

currencies as (

    select * from {{ ref('int_corporate_currencies') }}

),

map_accounts as (

    select * from {{ ref('map_accounts') }}
    where source_object = 'account'

),

users as (

    select * from {{ ref('int_users_mapped') }}

),

accounts as (

    select * from {{ ref('int_accounts_attributed') }}

),

-- a CRM calls the deal of a person account after the person
person_accounts as (

    select source_system, source_instance, account_id
    from {{ ref('stg_salesforce__accounts') }}
    where is_person_account

)

select
    ---------- ids
    {{ record_key('opportunities.source_system', 'opportunities.source_instance', 'opportunities.opportunity_id') }} as opportunity_key,
    opportunities.source_system,
    opportunities.source_instance,
    opportunities.opportunity_id as source_record_id,
    opportunities.opportunity_id,
    map_accounts.account_key,
    opportunities.account_id,
    users.user_key as owner_user_key,
    opportunities.owner_user_id,
    opportunities.campaign_id,
    opportunities.contact_id,

    ---------- strings
    case when person_accounts.account_id is null then opportunities.opportunity_name end as opportunity_name,
    opportunities.opportunity_type as source_opportunity_type,
    coalesce(type_map.opportunity_type, 'other') as opportunity_type,
    opportunities.stage_name,
    -- a stage that nobody mapped is shown as such: its amounts stay in every total
    coalesce(stages.stage_category, 'unmapped') as stage_category,
    coalesce({{ forecast_category('opportunities.forecast_category') }}, {{ forecast_category('opportunities.forecast_category_name') }}) as forecast_category,
    opportunities.lead_source,
    accounts.segment,
    coalesce(opportunities.currency_code, currencies.only_currency_code, 'XXX') as currency_code,

    ---------- numerics
    opportunities.amount,
    opportunities.expected_revenue_amount,
    {{ probability_fraction('opportunities.probability_percent') }} as probability,
    stages.sort_order as stage_sort_order,
    opportunities.push_count,

    ---------- booleans
    opportunities.is_deleted,

    ---------- dates
    opportunities.close_date,
    cast(opportunities.created_at as date) as created_date,

    ---------- timestamps
    opportunities.stage_changed_at,
    opportunities.created_at,
    opportunities.modified_at,
    opportunities.source_updated_at,

    ---------- metadata
    opportunities.loaded_at
from opportunities
left join stages
    on opportunities.source_system = stages.source_system
    and opportunities.source_instance = stages.source_instance
    and lower(opportunities.stage_name) = stages.stage_match
left join type_map
    on lower(opportunities.opportunity_type) = type_map.source_opportunity_type
left join currencies
    on opportunities.source_system = currencies.source_system
    and opportunities.source_instance = currencies.source_instance
left join map_accounts
    on opportunities.source_system = map_accounts.source_system
    and opportunities.source_instance = map_accounts.source_instance
    and opportunities.account_id = map_accounts.source_record_id
left join users
    on opportunities.source_system = users.source_system
    and opportunities.source_instance = users.source_instance
    and opportunities.owner_user_id = users.source_record_id
left join accounts
    on map_accounts.account_key = accounts.account_key
left join person_accounts
    on opportunities.source_system = person_accounts.source_system
    and opportunities.source_instance = person_accounts.source_instance
    and opportunities.account_id = person_accounts.account_id
