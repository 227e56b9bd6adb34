-- Salesforce contacts and leads in the shape that all systems' people share.
with

contacts as (

    select * from {{ ref("stg_salesforce__contacts") }}

),

leads as (

    select * from {{ ref("stg_salesforce__leads") }}

)

select
    ---------- ids
    {{ record_key('source_system', 'source_instance', 'contact_id') }} as record_key,
    contact_id as source_record_id,
    survivor_contact_id as survivor_record_id,
    case
        when survivor_contact_id is not null
            then {{ record_key('source_system', 'source_instance', 'survivor_contact_id') }}
    end as survivor_record_key,
    cast(null as {{ dbt.type_bigint() }}) as converted_record_key,
    account_id as account_record_id,
    owner_user_id,

    ---------- strings
    'contact' as source_object,
    lower(email_address) as email_address,
    job_title,
    department as stated_department,
    lead_source,
    cast(null as {{ dbt.type_string() }}) as lead_status,
    upper(coalesce(mailing_country_code, case when length(mailing_country) = 2 then mailing_country end)) as country_code,
    cast(null as {{ dbt.type_string() }}) as industry,
    cast(null as {{ dbt.type_string() }}) as rejection_reason,

    ---------- numerics
    cast(null as {{ dbt.type_bigint() }}) as employee_count,

    ---------- booleans
    false as is_converted,
    coalesce(is_opted_out, false) as is_opted_out,
    is_deleted,

    ---------- dates
    cast(null as date) as converted_date,

    ---------- timestamps
    created_at,
    modified_at,

    ---------- metadata
    source_system,
    source_instance
from contacts
union all
select
    ---------- ids
    {{ record_key('source_system', 'source_instance', 'lead_id') }} as record_key,
    lead_id as source_record_id,
    survivor_lead_id as survivor_record_id,
    case
        when survivor_lead_id is not null
            then {{ record_key('source_system', 'source_instance', 'survivor_lead_id') }}
    end as survivor_record_key,
    case
        when converted_contact_id is not null
            then {{ record_key('source_system', 'source_instance', 'converted_contact_id') }}
    end as converted_record_key,
    converted_account_id as account_record_id,
    owner_user_id,

    ---------- strings
    'lead' as source_object,
    lower(email_address) as email_address,
    job_title,
    cast(null as {{ dbt.type_string() }}) as stated_department,
    lead_source,
    lead_status,
    upper(coalesce(country_code, case when length(country) = 2 then country end)) as country_code,
    industry,
    rejection_reason,

    ---------- numerics
    employee_count,

    ---------- booleans
    coalesce(is_converted, converted_contact_id is not null) as is_converted,
    coalesce(is_opted_out, false) as is_opted_out,
    is_deleted,

    ---------- dates
    converted_date,

    ---------- timestamps
    created_at,
    modified_at,

    ---------- metadata
    source_system,
    source_instance
from leads
