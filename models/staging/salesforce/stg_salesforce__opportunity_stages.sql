with

source as {{ inlined() }} (

    {{ raw_rows("salesforce", "opportunity_stage") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ salesforce_id('id') }} as opportunity_stage_id,

        ---------- strings
        {{ text('api_name') }} as stage_api_name,
        {{ text('master_label') }} as stage_name,
        {{ text('forecast_category') }} as forecast_category,
        {{ text('forecast_category_name') }} as forecast_category_name,

        ---------- numerics
        {{ try_decimal('default_probability', 9, 4) }} as default_probability_percent,
        {{ try_integer('sort_order') }} as sort_order,

        ---------- booleans
        {{ try_boolean('is_active') }} as is_active,
        {{ try_boolean('is_closed') }} as is_closed,
        -- plumbline: allow D3 because this is what the CRM says of the stage; no model takes it for the term
        {{ try_boolean('is_won') }} as is_won,
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

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

{{ ranked_versions("renamed", key=["source_instance", "opportunity_stage_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "opportunity_stage_id"]) }}

)

select * from deduplicated
