with

source as {{ inlined() }} (

    {{ raw_rows("salesforce", "opportunity_history") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        -- versions of the opportunity itself, kept by a loader in history mode: their id is the opportunity's
        case
            when opportunity_id is not null or _fivetran_start is null then {{ salesforce_id('id') }}
            else {{ salesforce_id('id') }} || '|' || cast({{ try_timestamp('_fivetran_start') }} as {{ dbt.type_string() }})
        end as opportunity_history_id,
        case
            when opportunity_id is not null or _fivetran_start is null then {{ salesforce_id('opportunity_id') }}
            else {{ salesforce_id('id') }}
        end as opportunity_id,
        {{ salesforce_id('account_id') }} as account_id,
        {{ salesforce_id('owner_id') }} as owner_user_id,
        {{ salesforce_id('created_by_id') }} as changed_by_user_id,

        ---------- strings
        {{ text('stage_name') }} as stage_name,
        {{ text('forecast_category') }} as forecast_category,
        {{ text('currency_iso_code') }} as currency_code,

        ---------- numerics
        {{ try_amount('amount') }} as amount,
        {{ try_amount('expected_revenue') }} as expected_revenue_amount,
        {{ try_decimal('probability', 9, 4) }} as probability_percent,
        {{ try_amount('prev_amount') }} as previous_amount,

        ---------- booleans
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- dates
        {{ try_date('close_date') }} as close_date,
        {{ try_date('prev_close_date') }} as previous_close_date,

        ---------- timestamps
        case
            when opportunity_id is not null or _fivetran_start is null then {{ try_timestamp('created_date') }}
            else {{ try_timestamp('_fivetran_start') }}
        end as changed_at,
        {{ try_timestamp('system_modstamp') }} as source_updated_at,

        ---------- metadata
        'salesforce' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "opportunity_history_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "opportunity_history_id"]) }}

)

select * from deduplicated
