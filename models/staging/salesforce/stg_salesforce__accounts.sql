with

source as {{ inlined() }} (

    {{ raw_rows("salesforce", "account") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ salesforce_id('id') }} as account_id,
        {{ salesforce_id('parent_id') }} as parent_account_id,
        {{ salesforce_id('master_record_id') }} as survivor_account_id,
        {{ salesforce_id('owner_id') }} as owner_user_id,
        {{ salesforce_id('record_type_id') }} as record_type_id,

        ---------- strings
        {{ text('name') }} as account_name,
        {{ text('website') }} as website,
        {{ text('industry') }} as industry,
        {{ text('type') }} as account_type,
        {{ text('account_source') }} as account_source,
        {{ text('billing_country') }} as billing_country,
        {{ text('billing_country_code') }} as billing_country_code,
        {{ text('currency_iso_code') }} as currency_code,

        ---------- numerics
        {{ try_integer('number_of_employees') }} as employee_count,
        {{ try_amount('annual_revenue') }} as annual_revenue_amount,

        ---------- booleans
        {{ try_boolean('is_person_account') }} as is_person_account,
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

{{ ranked_versions("renamed", key=["source_instance", "account_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "account_id"]) }}

)

select * from deduplicated
