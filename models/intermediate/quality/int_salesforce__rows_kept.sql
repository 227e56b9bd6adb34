{#- Which staging model reads which raw table. -#}
{%- set staging_models = {
    "account": "stg_salesforce__accounts",
    "contact": "stg_salesforce__contacts",
    "lead": "stg_salesforce__leads",
    "opportunity": "stg_salesforce__opportunities",
    "opportunity_history": "stg_salesforce__opportunity_history",
    "opportunity_field_history": "stg_salesforce__opportunity_field_changes",
    "lead_history": "stg_salesforce__lead_field_changes",
    "account_history": "stg_salesforce__account_field_changes",
    "opportunity_stage": "stg_salesforce__opportunity_stages",
    "opportunity_contact_role": "stg_salesforce__opportunity_contact_roles",
    "opportunity_line_item": "stg_salesforce__opportunity_line_items",
    "product_2": "stg_salesforce__products",
    "campaign": "stg_salesforce__campaigns",
    "campaign_member": "stg_salesforce__campaign_members",
    "campaign_member_status": "stg_salesforce__campaign_member_statuses",
    "task": "stg_salesforce__tasks",
    "event": "stg_salesforce__events",
    "event_relation": "stg_salesforce__event_relations",
    "user": "stg_salesforce__users",
    "user_role": "stg_salesforce__user_roles",
    "currency_type": "stg_salesforce__currency_types",
    "dated_conversion_rate": "stg_salesforce__dated_conversion_rates",
} -%}

with

counted as (

    {{ rows_kept(staging_models) }}

)

select
    ---------- strings
    source_table,

    ---------- numerics
    cast(row_count as {{ dbt.type_bigint() }}) as row_count,

    ---------- metadata
    'salesforce' as source_system,
    source_instance
from counted
