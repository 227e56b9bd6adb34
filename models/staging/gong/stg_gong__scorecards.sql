with

source as {{ inlined() }} (

    {{ raw_rows("gong", "scorecard") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('id') }} as scorecard_id,
        {{ text('workspace_id') }} as workspace_id,
        {{ text('updater_user_id') }} as updater_user_id,

        ---------- strings
        {{ text('name') }} as scorecard_name,

        ---------- booleans
        {{ try_boolean('enabled') }} as is_enabled,
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

{{ ranked_versions("renamed", key=["source_instance", "scorecard_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "scorecard_id"]) }}

)

select * from deduplicated
