with

source as {{ inlined() }} (

    {{ raw_rows("marketo", "activity_type") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('id') }} as activity_type_id,

        ---------- strings
        {{ text('name') }} as activity_type_name,
        {{ text('description') }} as activity_type_description,

        ---------- booleans
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- metadata
        'marketo' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "activity_type_id"], newest=["loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "activity_type_id"]) }}

)

select * from deduplicated
