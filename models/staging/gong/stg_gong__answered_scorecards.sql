with

source as {{ inlined() }} (

    {{ raw_rows("gong", "answered_scorecard") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('id') }} as answered_scorecard_id,
        {{ text('call_id') }} as call_id,
        {{ text('scorecard_id') }} as scorecard_id,
        {{ text('reviewed_user_id') }} as reviewed_user_id,
        {{ text('reviewer_user_id') }} as reviewer_user_id,

        ---------- strings
        {{ text('visibility_type') }} as visibility_type,

        ---------- booleans
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- timestamps
        {{ try_timestamp('call_start_time') }} as call_started_at,
        {{ try_timestamp('review_time') }} as reviewed_at,

        ---------- metadata
        'gong' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "answered_scorecard_id"], newest=["loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "answered_scorecard_id"]) }}

)

select * from deduplicated
