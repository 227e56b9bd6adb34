with

source as {{ inlined() }} (

    {{ raw_rows("marketo", "activity_change_score") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('id') }} as activity_id,
        {{ text('lead_id') }} as lead_id,
        {{ text('campaign_id') }} as smart_campaign_id,
        {{ text('primary_attribute_value_id') }} as asset_id,

        ---------- strings
        {{ text('primary_attribute_value') }} as asset_name,
        {{ text('old_value') }} as old_value,
        {{ text('new_value') }} as new_value,
        {{ text('reason') }} as reason,

        ---------- booleans
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- timestamps
        {{ try_timestamp('activity_date') }} as occurred_at,

        ---------- metadata
        'marketo' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "activity_id"], newest=["loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "activity_id"]) }}

)

select * from deduplicated
