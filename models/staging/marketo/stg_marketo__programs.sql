with

source as {{ inlined() }} (

    {{ raw_rows("marketo", "program") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('id') }} as program_id,
        {{ salesforce_id('sfdc_id') }} as crm_campaign_id,

        ---------- strings
        {{ text('name') }} as program_name,
        {{ text('channel') }} as program_channel,
        {{ text('type') }} as program_type,
        {{ text('status') }} as program_status,
        {{ text('workspace') }} as workspace_name,

        ---------- booleans
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- dates
        {{ try_date('start_date') }} as start_date,
        {{ try_date('end_date') }} as end_date,

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

{{ ranked_versions("renamed", key=["source_instance", "program_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "program_id"]) }}

)

select * from deduplicated
