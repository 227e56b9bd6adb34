with

source as {{ inlined() }} (

    {{ raw_rows("gong", "users") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('id') }} as user_id,
        {{ text('manager_id') }} as manager_user_id,

        ---------- strings
        {{ text('email_address') }} as email_address,
        {{ text('first_name') }} as first_name,
        {{ text('last_name') }} as last_name,
        {{ text('title') }} as job_title,

        ---------- booleans
        {{ try_boolean('active') }} as is_active,
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- timestamps
        {{ try_timestamp('created') }} as created_at,

        ---------- metadata
        'gong' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "user_id"], newest=["loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "user_id"]) }}

)

select * from deduplicated
