with

source as {{ inlined() }} (

    {{ raw_rows("gong", "tracker") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('tracker_id') }} as tracker_id,
        {{ text('workspace_id') }} as workspace_id,

        ---------- strings
        {{ text('tracker_name') }} as tracker_name,
        {{ text('affiliation') }} as affiliation,

        ---------- booleans
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- timestamps
        {{ try_timestamp('created') }} as created_at,
        {{ try_timestamp('updated') }} as source_updated_at,

        ---------- metadata
        'gong' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "tracker_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "tracker_id"]) }}

)

select * from deduplicated
