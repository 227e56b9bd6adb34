with

source as {{ inlined() }} (

    {{ raw_rows("gong", "scorecard_question") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('question_id') }} as question_id,
        {{ text('scorecard_id') }} as scorecard_id,

        ---------- strings
        {{ text('question_text') }} as question_text,

        ---------- booleans
        {{ try_boolean('is_overall') }} as is_overall,
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

{{ ranked_versions("renamed", key=["source_instance", "question_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "question_id"]) }}

)

select * from deduplicated
