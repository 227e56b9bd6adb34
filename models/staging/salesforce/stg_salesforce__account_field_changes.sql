with

source as {{ inlined() }} (

    {{ raw_rows("salesforce", "account_history") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ salesforce_id('id') }} as field_change_id,
        {{ salesforce_id('account_id') }} as account_id,
        {{ salesforce_id('created_by_id') }} as changed_by_user_id,

        ---------- strings
        {{ text('field') }} as field_name,
        {{ text('data_type') }} as data_type,
        {{ text('old_value') }} as old_value,
        {{ text('new_value') }} as new_value,

        ---------- booleans
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- timestamps
        {{ try_timestamp('created_date') }} as changed_at,

        ---------- metadata
        'salesforce' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "field_change_id"], newest=["loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "field_change_id"]) }}

)

select * from deduplicated
