with

source as {{ inlined() }} (

    {{ raw_rows("salesforce", "event") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ salesforce_id('id') }} as event_id,
        {{ salesforce_id('account_id') }} as account_id,
        {{ salesforce_id('what_id') }} as what_id,
        {{ salesforce_id('who_id') }} as who_id,
        {{ salesforce_id('owner_id') }} as owner_user_id,
        {{ salesforce_id('created_by_id') }} as created_by_user_id,

        ---------- strings
        {{ text('subject') }} as subject,
        {{ text('type') }} as event_type,
        {{ text('event_subtype') }} as event_subtype,

        ---------- numerics
        {{ try_integer('duration_in_minutes') }} as duration_minutes,

        ---------- booleans
        {{ try_boolean('is_all_day_event') }} as is_all_day_event,
        {{ try_boolean('is_child') }} as is_child,
        {{ try_boolean('is_group_event') }} as is_group_event,
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- dates
        {{ try_date('activity_date') }} as activity_date,

        ---------- timestamps
        {{ try_timestamp('activity_date_time') }} as activity_at,
        {{ try_timestamp('start_date_time') }} as started_at,
        {{ try_timestamp('end_date_time') }} as ended_at,
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

{{ ranked_versions("renamed", key=["source_instance", "event_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "event_id"]) }}

)

select * from deduplicated
