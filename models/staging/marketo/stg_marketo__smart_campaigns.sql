with

source as {{ inlined() }} (

    {{ raw_rows("marketo", "campaign") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('id') }} as smart_campaign_id,
        {{ text('program_id') }} as program_id,

        ---------- strings
        {{ text('name') }} as smart_campaign_name,
        {{ text('type') }} as smart_campaign_type,
        {{ text('status') }} as smart_campaign_status,

        ---------- booleans
        {{ try_boolean('active') }} as is_active,
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

{{ ranked_versions("renamed", key=["source_instance", "smart_campaign_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "smart_campaign_id"]) }}

)

select * from deduplicated
