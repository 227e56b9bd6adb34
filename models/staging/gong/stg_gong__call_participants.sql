with

source as {{ inlined() }} (

    {{ raw_rows("gong", "call_participant") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('id') }} as participant_id,
        {{ text('call_id') }} as call_id,
        {{ text('user_id') }} as user_id,
        {{ text('speaker_id') }} as speaker_id,

        ---------- strings
        {{ text('affiliation') }} as affiliation,
        {{ text('email_address') }} as email_address,
        {{ text('name') }} as participant_name,
        {{ text('title') }} as job_title,

        ---------- booleans
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- metadata
        'gong' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "call_id", "participant_id"], newest=["loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "call_id", "participant_id"]) }}

)

select * from deduplicated
