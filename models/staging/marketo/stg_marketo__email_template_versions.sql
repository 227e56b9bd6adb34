with

source as {{ inlined() }} (

    {{ raw_rows("marketo", "email_template_history") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('id') }} as email_template_id,
        {{ text('program_id') }} as program_id,

        ---------- strings
        {{ text('name') }} as email_template_name,
        {{ text('status') }} as email_template_status,

        ---------- numerics
        {{ try_integer('version') }} as version_number,

        ---------- booleans
        {{ try_boolean('operational') }} as is_operational,
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- timestamps
        {{ try_timestamp('created_at') }} as created_at,
        {{ try_timestamp('updated_at') }} as source_updated_at,

        ---------- metadata
        'marketo' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "email_template_id", "version_number"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "email_template_id", "version_number"]) }}

)

select * from deduplicated
