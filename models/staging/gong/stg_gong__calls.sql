with

source as {{ inlined() }} (

    {{ raw_rows("gong", "call") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('id') }} as call_id,
        {{ text('workspace_id') }} as workspace_id,
        {{ text('primary_user_id') }} as primary_user_id,
        {{ text('calendar_event_id') }} as calendar_event_id,

        ---------- strings
        {{ text('direction') }} as call_direction,
        {{ text('languages') }} as language_code,
        {{ text('media') }} as media_type,
        {{ text('purpose') }} as purpose,
        {{ text('scope') }} as scope,
        {{ text('systems') }} as conferencing_system,
        {{ text('title') }} as title,

        ---------- numerics
        {{ try_integer('duration') }} as duration_seconds,
        {{ try_integer('company_question_count') }} as company_question_count,
        {{ try_integer('non_company_question_count') }} as buyer_question_count,

        ---------- booleans
        {{ try_boolean('is_private') }} as is_private,
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- timestamps
        {{ try_timestamp('started') }} as started_at,
        {{ try_timestamp('scheduled') }} as scheduled_at,

        ---------- metadata
        'gong' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "call_id"], newest=["loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "call_id"]) }}

)

select * from deduplicated
