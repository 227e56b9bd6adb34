with

source as {{ inlined() }} (

    {{ raw_rows("salesforce", "campaign_member_status") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ salesforce_id('id') }} as campaign_member_status_id,
        {{ salesforce_id('campaign_id') }} as campaign_id,

        ---------- strings
        {{ text('label') }} as member_status,

        ---------- numerics
        {{ try_integer('sort_order') }} as sort_order,

        ---------- booleans
        {{ try_boolean('has_responded') }} as has_responded,
        {{ try_boolean('is_default') }} as is_default,
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

{{ ranked_versions("renamed", key=["source_instance", "campaign_member_status_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "campaign_member_status_id"]) }}

)

select * from deduplicated
