with

source as {{ inlined() }} (

    {{ raw_rows("salesforce", "campaign") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ salesforce_id('id') }} as campaign_id,
        {{ salesforce_id('parent_id') }} as parent_campaign_id,
        {{ salesforce_id('owner_id') }} as owner_user_id,

        ---------- strings
        {{ text('name') }} as campaign_name,
        {{ text('type') }} as campaign_type,
        {{ text('status') }} as campaign_status,
        {{ text('currency_iso_code') }} as currency_code,

        ---------- numerics
        {{ try_amount('budgeted_cost') }} as budgeted_cost_amount,
        {{ try_amount('actual_cost') }} as actual_cost_amount,

        ---------- booleans
        {{ try_boolean('is_active') }} as is_active,
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- dates
        {{ try_date('start_date') }} as start_date,
        {{ try_date('end_date') }} as end_date,

        ---------- timestamps
        {{ try_timestamp('created_date') }} as created_at,
        {{ try_timestamp('last_modified_date') }} as modified_at,
        {{ try_timestamp('system_modstamp') }} as source_updated_at,

        ---------- metadata
        'salesforce' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "campaign_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "campaign_id"]) }}

)

select * from deduplicated
