with

source as {{ inlined() }} (

    {{ raw_rows("gong", "call_interaction") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('call_id') }} as call_id,

        ---------- strings
        {{ text('name') }} as interaction_name,

        ---------- numerics
        {{ try_decimal('value', 18, 4) }} as interaction_value,

        ---------- booleans
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- metadata
        'gong' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "call_id", "interaction_name"], newest=["loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "call_id", "interaction_name"]) }}

)

select * from deduplicated
