with

source as {{ inlined() }} (

    {{ raw_rows("salesforce", "contact") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ salesforce_id('id') }} as contact_id,
        {{ salesforce_id('account_id') }} as account_id,
        {{ salesforce_id('master_record_id') }} as survivor_contact_id,
        {{ salesforce_id('owner_id') }} as owner_user_id,
        {{ salesforce_id('reports_to_id') }} as reports_to_contact_id,

        ---------- strings
        {{ text('email') }} as email_address,
        {{ text('first_name') }} as first_name,
        {{ text('last_name') }} as last_name,
        {{ text('title') }} as job_title,
        {{ text('department') }} as department,
        {{ text('lead_source') }} as lead_source,
        {{ text('mailing_country') }} as mailing_country,
        {{ text('mailing_country_code') }} as mailing_country_code,

        ---------- booleans
        {{ try_boolean('has_opted_out_of_email') }} as is_opted_out,
        {{ try_boolean('is_email_bounced') }} as is_email_bounced,
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

{{ ranked_versions("renamed", key=["source_instance", "contact_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "contact_id"]) }}

)

select * from deduplicated
