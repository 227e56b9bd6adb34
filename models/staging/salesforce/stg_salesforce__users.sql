with

source as {{ inlined() }} (

    {{ raw_rows("salesforce", "user") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ salesforce_id('id') }} as user_id,
        {{ salesforce_id('user_role_id') }} as user_role_id,
        {{ salesforce_id('manager_id') }} as manager_user_id,
        {{ salesforce_id('profile_id') }} as profile_id,
        {{ salesforce_id('contact_id') }} as contact_id,

        ---------- strings
        {{ text('email') }} as email_address,
        {{ text('name') }} as user_name,
        {{ text('department') }} as department,
        {{ text('division') }} as division,
        {{ text('title') }} as job_title,
        {{ text('user_type') }} as user_type,
        {{ text('time_zone_sid_key') }} as time_zone_name,

        ---------- booleans
        {{ try_boolean('is_active') }} as is_active,
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- timestamps
        {{ try_timestamp('created_date') }} as created_at,
        {{ try_timestamp('last_modified_date') }} as modified_at,
        {{ try_timestamp('system_modstamp') }} as source_updated_at,

        ---------- metadata
        'salesforce' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "user_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "user_id"]) }}

)

select * from deduplicated
