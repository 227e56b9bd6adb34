with

source as {{ inlined() }} (

    {{ raw_rows("salesforce", "lead") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ salesforce_id('id') }} as lead_id,
        {{ salesforce_id('owner_id') }} as owner_user_id,
        {{ salesforce_id('master_record_id') }} as survivor_lead_id,
        {{ salesforce_id('converted_account_id') }} as converted_account_id,
        {{ salesforce_id('converted_contact_id') }} as converted_contact_id,
        {{ salesforce_id('converted_opportunity_id') }} as converted_opportunity_id,

        ---------- strings
        {{ text('email') }} as email_address,
        {{ text('first_name') }} as first_name,
        {{ text('last_name') }} as last_name,
        {{ text('company') }} as company_name,
        {{ text('title') }} as job_title,
        {{ text('status') }} as lead_status,
        {{ text('rejection_reason') }} as rejection_reason,
        {{ text('lead_source') }} as lead_source,
        {{ text('industry') }} as industry,
        {{ text('website') }} as website,
        {{ text('country') }} as country,
        {{ text('country_code') }} as country_code,

        ---------- numerics
        {{ try_integer('number_of_employees') }} as employee_count,
        {{ try_amount('annual_revenue') }} as annual_revenue_amount,

        ---------- booleans
        {{ try_boolean('is_converted') }} as is_converted,
        {{ try_boolean('has_opted_out_of_email') }} as is_opted_out,
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- dates
        {{ try_date('converted_date') }} as converted_date,

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

{{ ranked_versions("renamed", key=["source_instance", "lead_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "lead_id"]) }}

)

select * from deduplicated
