with

source as {{ inlined() }} (

    {{ raw_rows("salesforce", "user_role") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ salesforce_id('id') }} as user_role_id,
        {{ salesforce_id('parent_role_id') }} as parent_user_role_id,

        ---------- strings
        {{ text('name') }} as role_name,
        {{ text('developer_name') }} as developer_name,

        ---------- booleans
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- metadata
        'salesforce' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "user_role_id"], newest=["loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "user_role_id"]) }}

)

select * from deduplicated
