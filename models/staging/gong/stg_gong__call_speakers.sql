with

source as {{ inlined() }} (

    {{ raw_rows("gong", "call_speaker") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('id') }} as speaker_id,
        {{ text('call_id') }} as call_id,
        {{ text('user_id') }} as user_id,

        ---------- numerics
        {{ try_decimal('talk_time') }} as talk_seconds,

        ---------- booleans
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- metadata
        'gong' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "call_id", "speaker_id"], newest=["loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "call_id", "speaker_id"]) }}

)

select * from deduplicated
