with

source as {{ inlined() }} (

    {{ raw_rows("salesforce", "campaign_member") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ salesforce_id('id') }} as campaign_member_id,
        {{ salesforce_id('campaign_id') }} as campaign_id,
        {{ salesforce_id('lead_id') }} as lead_id,
        {{ salesforce_id('contact_id') }} as contact_id,
        {{ salesforce_id('account_id') }} as account_id,

        ---------- strings
        {{ text('status') }} as member_status,

        ---------- booleans
        {{ try_boolean('has_responded') }} as has_responded,
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- dates
        {{ try_date('first_responded_date') }} as first_responded_date,

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

{{ ranked_versions("renamed", key=["source_instance", "campaign_member_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "campaign_member_id"]) }}

)

select * from deduplicated
