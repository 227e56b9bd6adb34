with

source as {{ inlined() }} (

    {{ raw_rows("salesforce", "opportunity") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ salesforce_id('id') }} as opportunity_id,
        {{ salesforce_id('account_id') }} as account_id,
        {{ salesforce_id('owner_id') }} as owner_user_id,
        {{ salesforce_id('campaign_id') }} as campaign_id,
        {{ salesforce_id('contact_id') }} as contact_id,
        {{ salesforce_id('record_type_id') }} as record_type_id,

        ---------- strings
        {{ text('name') }} as opportunity_name,
        {{ text('stage_name') }} as stage_name,
        {{ text('type') }} as opportunity_type,
        {{ text('lead_source') }} as lead_source,
        {{ text('forecast_category') }} as forecast_category,
        {{ text('forecast_category_name') }} as forecast_category_name,
        {{ text('currency_iso_code') }} as currency_code,

        ---------- numerics
        {{ try_amount('amount') }} as amount,
        {{ try_amount('expected_revenue') }} as expected_revenue_amount,
        {{ try_decimal('probability', 9, 4) }} as probability_percent,
        {{ try_integer('push_count') }} as push_count,

        ---------- booleans
        {{ try_boolean('is_closed') }} as is_closed,
        -- plumbline: allow D3 because this is what the CRM says of the stage; no model takes it for the term
        {{ try_boolean('is_won') }} as is_won,
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- dates
        {{ try_date('close_date') }} as close_date,

        ---------- timestamps
        {{ try_timestamp('last_stage_change_date') }} as stage_changed_at,
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

{{ ranked_versions("renamed", key=["source_instance", "opportunity_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "opportunity_id"]) }}

)

select * from deduplicated
