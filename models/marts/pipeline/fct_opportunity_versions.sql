with

versions as (

    select * from {{ ref('int_opportunity_versions') }}

),

opportunities as (

    select * from {{ ref('int_opportunities_resolved') }}

),

stages as (

    select * from {{ ref('int_opportunity_stages_mapped') }}

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

placed as (

    select
        versions.opportunity_key,
        opportunities.source_system,
        opportunities.source_instance,
        opportunities.opportunity_id,
        versions.version_number,
        map_accounts.account_key,
        versions.account_id,
        users.user_key as owner_user_key,
        versions.stage_name,
        case
            when versions.stage_name is null and versions.evidence = 'unknown' then 'unknown'
            else coalesce(stages.stage_category, 'unmapped')
        end as stage_category,
        stages.sort_order as stage_sort_order,
        versions.forecast_category,
        opportunities.opportunity_type,
        accounts.segment,
        versions.currency_code,
        versions.evidence,
        versions.owner_evidence,
        versions.account_evidence,
        versions.amount,
        versions.probability,
        versions.is_deleted,
        versions.is_history_gap,
        versions.close_date,
        versions.valid_from_at,
        versions.valid_to_at,
        versions.history_known_from
    from versions
    inner join opportunities
        on versions.opportunity_key = opportunities.opportunity_key
    left join stages
        on opportunities.source_system = stages.source_system
        and opportunities.source_instance = stages.source_instance
        and lower(versions.stage_name) = stages.stage_match
    left join map_accounts
        on opportunities.source_system = map_accounts.source_system
        and opportunities.source_instance = map_accounts.source_instance
        and versions.account_id = map_accounts.source_record_id
    left join users
        on opportunities.source_system = users.source_system
        and opportunities.source_instance = users.source_instance
        and versions.owner_user_id = users.source_record_id
    left join accounts
        on map_accounts.account_key = accounts.account_key

)

select
    ---------- ids
    placed.opportunity_key,
    cast(placed.version_number as {{ dbt.type_int() }}) as version_number,
    placed.source_system,
    placed.source_instance,
    placed.opportunity_id,
    placed.account_key,
    placed.account_id,
    placed.owner_user_key,

    ---------- strings
    placed.stage_name,
    placed.stage_category,
    placed.forecast_category,
    placed.opportunity_type,
    placed.segment,
    placed.currency_code,
    placed.evidence,
    placed.owner_evidence,
    placed.account_evidence,

    ---------- numerics
    placed.stage_sort_order,
    placed.amount,
    placed.probability,

    ---------- booleans
    placed.is_deleted,
    placed.valid_to_at is null as is_current,
    placed.is_history_gap,
    {{ is_open('placed') }} as is_open,
    {{ is_pipeline('placed') }} as is_pipeline,
    {{ is_won('placed') }} as is_won,
    {{ is_lost('placed') }} as is_lost,

    ---------- dates
    placed.close_date,

    ---------- timestamps
    placed.valid_from_at,
    placed.valid_to_at,
    placed.history_known_from
from placed
