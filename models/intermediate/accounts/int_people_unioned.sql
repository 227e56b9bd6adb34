-- People's records of all systems in one shape: Salesforce contacts and leads, Marketo leads.
with

salesforce as (

    select * from {{ ref("int_salesforce__people") }}

),

marketo as (

    select * from {{ ref("int_marketo__people") }}

),

unioned as (

    select
        record_key,
        source_record_id,
        survivor_record_id,
        survivor_record_key,
        account_record_id,
        owner_user_id,
        source_object,
        email_address,
        job_title,
        stated_department,
        lead_source,
        lead_status,
        country_code,
        industry,
        rejection_reason,
        cast(null as {{ dbt.type_bigint() }}) as lead_score,
        employee_count,
        is_converted,
        is_opted_out,
        is_deleted,
        converted_date,
        created_at,
        modified_at,
        source_system,
        source_instance
    from salesforce
    union all
    select
        record_key,
        source_record_id,
        cast(null as {{ dbt.type_string() }}) as survivor_record_id,
        cast(null as {{ dbt.type_bigint() }}) as survivor_record_key,
        account_record_id,
        owner_user_id,
        source_object,
        email_address,
        job_title,
        cast(null as {{ dbt.type_string() }}) as stated_department,
        lead_source,
        lead_status,
        country_code,
        industry,
        cast(null as {{ dbt.type_string() }}) as rejection_reason,
        lead_score,
        employee_count,
        false as is_converted,
        is_opted_out,
        is_deleted,
        cast(null as date) as converted_date,
        created_at,
        modified_at,
        source_system,
        source_instance
    from marketo

)

select
    ---------- ids
    record_key,
    source_record_id,
    survivor_record_id,
    survivor_record_key,
    account_record_id,
    owner_user_id,

    ---------- strings
    source_object,
    email_address,
    {{ email_host('email_address') }} as email_host,
    job_title,
    stated_department,
    lead_source,
    lead_status,
    country_code,
    industry,
    rejection_reason,

    ---------- numerics
    lead_score,
    employee_count,

    ---------- booleans
    is_converted,
    is_opted_out,
    is_deleted,

    ---------- dates
    converted_date,

    ---------- timestamps
    created_at,
    modified_at,

    ---------- metadata
    source_system,
    source_instance
from unioned
