-- Companies, each once across all systems.
with

accounts as (

    select * from {{ ref("int_accounts_attributed") }}

),

resolved as (

    select * from {{ ref("int_accounts_resolved") }}

),

parents as (

    select * from {{ ref("int_account_parents") }}

),

families as (

    select * from {{ ref("int_account_families") }}

),

presence as (

    select * from {{ ref("int_account_presence") }}

),

purchases as (

    select * from {{ ref("int_account_purchases") }}

),

activity as (

    select * from {{ ref("int_account_engagement_windows") }}

),

-- what definitions look at, together
seen as (

    select
        accounts.account_key,
        accounts.industry,
        accounts.employee_count,
        activity.touches_30d,
        activity.people_30d,
        accounts.is_competitor
    from accounts
    left join activity on accounts.account_key = activity.account_key

)

select
    ---------- ids
    accounts.account_key,
    families.parent_account_key,
    coalesce(families.ultimate_parent_account_key, accounts.account_key) as ultimate_parent_account_key,
    accounts.owner_user_key,

    ---------- strings
    accounts.account_name,
    accounts.domain,
    accounts.segment,
    seen.industry,
    accounts.account_type,
    accounts.country_code,
    accounts.currency_code,
    case
        when {{ is_active_customer('purchases') }} then 'customer'
        when {{ is_former_customer('purchases') }} then 'former_customer'
        when {{ is_prospect('purchases') }} then 'prospect'
        else 'unknown'
    end as customer_state,

    ---------- numerics
    seen.employee_count,
    accounts.annual_revenue_amount,
    coalesce(families.hierarchy_depth, 0) as hierarchy_depth,
    resolved.record_count,
    cast(coalesce(presence.person_count, 0) as {{ dbt.type_bigint() }}) as person_count,
    coalesce(purchases.won_opportunity_count, 0) as won_opportunity_count,
    cast(purchases.days_since_last_won as {{ dbt.type_bigint() }}) as days_since_last_won,
    cast(coalesce(activity.touches_30d, 0) as {{ dbt.type_bigint() }}) as touches_30d,
    cast(coalesce(activity.people_30d, 0) as {{ dbt.type_bigint() }}) as people_30d,
    cast(coalesce(activity.sales_touches_30d, 0) as {{ dbt.type_bigint() }}) as sales_touches_30d,

    ---------- booleans
    accounts.is_deleted,
    resolved.record_count > 0 as has_crm_record,
    coalesce(presence.has_marketing_record, false) as has_marketing_record,
    coalesce(presence.has_conversation_record, false) as has_conversation_record,
    purchases.has_active_contract,
    seen.is_competitor,
    {{ is_active_customer('purchases') }} as is_active_customer,
    {{ is_former_customer('purchases') }} as is_former_customer,
    {{ is_prospect('purchases') }} as is_prospect,
    {{ is_engaged_account('activity') }} as is_engaged_account,
    {{ is_icp_fit('seen') }} as is_icp_fit,
    {{ is_mqa('seen') }} as is_mqa,
    coalesce(parents.is_cycle_broken, false) as is_hierarchy_cycle_broken,

    ---------- dates
    purchases.first_won_date,
    purchases.last_won_date,

    ---------- timestamps
    accounts.created_at
from accounts
inner join resolved on accounts.account_key = resolved.account_key
inner join seen on accounts.account_key = seen.account_key
left join parents on accounts.account_key = parents.account_key
left join families on accounts.account_key = families.account_key
left join presence on accounts.account_key = presence.account_key
left join purchases on accounts.account_key = purchases.account_key
left join activity on accounts.account_key = activity.account_key
