with

campaigns as (

    select * from {{ ref('int_campaigns_attributed') }}

),

hierarchy as (

    select * from {{ ref('int_campaign_hierarchy') }}

)

select
    ---------- ids
    campaigns.campaign_key,
    -- parents that run in a circle are no parents
    case when not hierarchy.is_in_circle then campaigns.parent_campaign_key end as parent_campaign_key,
    hierarchy.root_campaign_key,
    campaigns.owner_user_key,

    ---------- strings
    campaigns.campaign_name,
    campaigns.campaign_type,
    campaigns.campaign_channel,
    campaigns.campaign_status,
    campaigns.currency_code,

    ---------- numerics
    cast(hierarchy.hierarchy_depth as {{ dbt.type_int() }}) as hierarchy_depth,
    cast(campaigns.program_count as {{ dbt.type_int() }}) as program_count,
    campaigns.budgeted_cost_amount,
    campaigns.actual_cost_amount,

    ---------- booleans
    campaigns.is_active,
    campaigns.has_crm_record,
    campaigns.has_marketing_record,

    ---------- dates
    campaigns.start_date,
    campaigns.end_date,

    ---------- timestamps
    campaigns.created_at
from campaigns
inner join hierarchy
    on campaigns.campaign_key = hierarchy.campaign_key
