with

source as {{ inlined() }} (

    {{ raw_rows("salesforce", "opportunity_contact_role") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ salesforce_id('id') }} as opportunity_contact_role_id,
        {{ salesforce_id('opportunity_id') }} as opportunity_id,
        {{ salesforce_id('contact_id') }} as contact_id,

        ---------- strings
        {{ text('role') }} as buying_role,

        ---------- booleans
        {{ try_boolean('is_primary') }} as is_primary,
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

{{ ranked_versions("renamed", key=["source_instance", "opportunity_contact_role_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "opportunity_contact_role_id"]) }}

)

select * from deduplicated
