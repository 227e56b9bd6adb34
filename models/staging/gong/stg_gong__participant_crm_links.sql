{{ config(materialized="table") }}

-- A table: it lands one row per field of a linked record, so most keys repeat, and several models read it.
with

source as {{ inlined() }} (

    {{ raw_rows("gong", "call_participant_integration") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('call_participant_id') }} as participant_id,
        {{ text('call_id') }} as call_id,
        {{ salesforce_id('object_id') }} as object_id,

        ---------- strings
        {{ text('object_type') }} as object_type,
        {{ text('name') }} as field_name,
        {{ text('systems') }} as crm_system,
        {{ text('timing') }} as timing,

        ---------- booleans
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- metadata
        'gong' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "call_id", "participant_id", "object_id", "object_type"], newest=["loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "call_id", "participant_id", "object_id", "object_type"]) }}

)

select * from deduplicated
