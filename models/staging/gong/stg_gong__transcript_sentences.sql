with

source as {{ inlined() }} (

    {{ raw_rows("gong", "transcript") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('call_id') }} as call_id,
        {{ text('workspace_id') }} as workspace_id,
        {{ text('speaker_id') }} as speaker_id,

        ---------- strings
        {{ text('topic') }} as topic_name,

        ---------- numerics
        {{ try_integer('index') }} as sentence_number,
        coalesce({{ try_integer(json_text('sentence', 'start')) }}, {{ try_integer('sentence_start') }}) as start_milliseconds,
        coalesce({{ try_integer(json_text('sentence', 'end')) }}, {{ try_integer('sentence_end') }}) as end_milliseconds,

        ---------- booleans
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- metadata
        'gong' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "call_id", "sentence_number"], newest=["loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "call_id", "sentence_number"]) }}

)

select * from deduplicated
