with

source as {{ inlined() }} (

    {{ raw_rows("marketo", "lead") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ text('id') }} as lead_id,
        {{ salesforce_id('sfdc_account_id') }} as sfdc_account_id,
        {{ salesforce_id('sfdc_contact_id') }} as sfdc_contact_id,
        {{ salesforce_id('sfdc_lead_id') }} as sfdc_lead_id,
        {{ salesforce_id('sfdc_lead_owner_id') }} as sfdc_lead_owner_id,

        ---------- strings
        {{ text('email') }} as email_address,
        {{ text('first_name') }} as first_name,
        {{ text('last_name') }} as last_name,
        {{ text('title') }} as job_title,
        {{ text('company') }} as company_name,
        {{ text('inferred_company') }} as inferred_company_name,
        {{ text('industry') }} as industry,
        {{ text('country') }} as country,
        {{ text('country_code') }} as country_code,
        {{ text('lead_status') }} as lead_status,
        {{ text('sfdc_type') }} as sfdc_type,
        {{ text('original_source_type') }} as original_source_type,

        ---------- numerics
        {{ try_integer('lead_score') }} as lead_score,
        {{ try_integer('number_of_employees') }} as employee_count,

        ---------- booleans
        {{ try_boolean('unsubscribed') }} as is_opted_out,
        {{ try_boolean('email_invalid') }} as is_email_invalid,
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

{{ ranked_versions("renamed", key=["source_instance", "lead_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "lead_id"]) }}

)

select * from deduplicated
