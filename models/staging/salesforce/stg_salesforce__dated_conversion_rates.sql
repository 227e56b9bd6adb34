with

source as {{ inlined() }} (

    {{ raw_rows("salesforce", "dated_conversion_rate") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ salesforce_id('id') }} as dated_conversion_rate_id,

        ---------- strings
        {{ text('iso_code') }} as currency_code,

        ---------- numerics
        {{ try_decimal('conversion_rate', 18, 8) }} as conversion_rate,

        ---------- booleans
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- dates
        {{ try_date('start_date') }} as start_date,
        {{ try_date('next_start_date') }} as next_start_date,

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

{{ ranked_versions("renamed", key=["source_instance", "dated_conversion_rate_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "dated_conversion_rate_id"]) }}

)

select * from deduplicated
