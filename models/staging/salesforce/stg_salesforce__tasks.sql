with

source as {{ inlined() }} (

    {{ raw_rows("salesforce", "task") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ salesforce_id('id') }} as task_id,
        {{ salesforce_id('account_id') }} as account_id,
        {{ salesforce_id('what_id') }} as what_id,
        {{ salesforce_id('who_id') }} as who_id,
        {{ salesforce_id('owner_id') }} as owner_user_id,
        {{ salesforce_id('created_by_id') }} as created_by_user_id,

        ---------- strings
        {{ text('subject') }} as subject,
        {{ text('type') }} as task_type,
        {{ text('task_subtype') }} as task_subtype,
        {{ text('status') }} as task_status,
        {{ text('call_type') }} as call_type,
        {{ text('call_disposition') }} as call_disposition,

        ---------- numerics
        {{ try_integer('call_duration_in_seconds') }} as call_duration_seconds,

        ---------- booleans
        {{ try_boolean('is_closed') }} as is_closed,
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- dates
        {{ try_date('activity_date') }} as activity_date,

        ---------- timestamps
        {{ try_timestamp('completed_date_time') }} as completed_at,
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

{{ ranked_versions("renamed", key=["source_instance", "task_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "task_id"]) }}

)

select * from deduplicated
