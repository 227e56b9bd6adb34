with

source as {{ inlined() }} (

    {{ raw_rows("gong", "call_tracker") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('_fivetran_id') }} as call_tracker_id,
        {{ text('call_id') }} as call_id,
        {{ text('id') }} as tracker_id,
        {{ text('speaker_id') }} as speaker_id,

        ---------- strings
        {{ text('name') }} as tracker_name,
        {{ text('type') }} as tracker_type,

        ---------- numerics
        {{ try_decimal('start_time') }} as start_seconds,

        ---------- booleans
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- metadata
        'gong' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "call_tracker_id"], newest=["loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "call_tracker_id"]) }}

)

select * from deduplicated
