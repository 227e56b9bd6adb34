with

source as {{ inlined() }} (

    {{ raw_rows("marketo", "program_membership") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('id') }} as lead_id,
        {{ text('program_id') }} as program_id,

        ---------- strings
        {{ text('progression_status') }} as member_status,
        {{ text('stream') }} as nurture_stream,

        ---------- booleans
        {{ try_boolean('acquired_by') }} as is_acquired_by,
        {{ try_boolean('reached_success') }} as is_success,
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- timestamps
        {{ try_timestamp('membership_date') }} as joined_at,
        {{ try_timestamp('reached_success_date') }} as succeeded_at,

        ---------- metadata
        'marketo' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "lead_id", "program_id"], newest=["loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "lead_id", "program_id"]) }}

)

select * from deduplicated
