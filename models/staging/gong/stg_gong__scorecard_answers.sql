with

source as {{ inlined() }} (

    {{ raw_rows("gong", "answered_scorecard_answer") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('answered_scorecard_id') }} as answered_scorecard_id,
        {{ text('question_id') }} as question_id,

        ---------- numerics
        {{ try_decimal('score', 18, 4) }} as score,

        ---------- booleans
        {{ try_boolean('is_overall') }} as is_overall,
        {{ try_boolean('not_applicable') }} as is_not_applicable,
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- metadata
        'gong' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "answered_scorecard_id", "question_id"], newest=["loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "answered_scorecard_id", "question_id"]) }}

)

select * from deduplicated
