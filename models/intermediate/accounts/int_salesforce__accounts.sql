-- Salesforce accounts in the shape that all CRMs share.
with

accounts as (

    select * from {{ ref("stg_salesforce__accounts") }}

)

select
    ---------- ids
    {{ record_key('source_system', 'source_instance', 'account_id') }} as record_key,
    account_id as source_record_id,
    survivor_account_id as survivor_record_id,
    case
        when survivor_account_id is not null
            then {{ record_key('source_system', 'source_instance', 'survivor_account_id') }}
    end as survivor_record_key,
    case
        when parent_account_id is not null
            then {{ record_key('source_system', 'source_instance', 'parent_account_id') }}
    end as parent_record_key,
    owner_user_id,

    ---------- strings
    'account' as source_object,
    -- The name of a person account is a person's name, which no mart shows.
    case when is_person_account then null else account_name end as account_name,
    {{ web_host('website') }} as website_host,
    industry,
    account_type,
    upper(coalesce(billing_country_code, case when length(billing_country) = 2 then billing_country end)) as country_code,
    currency_code,

    ---------- numerics
    employee_count,
    annual_revenue_amount,

    ---------- booleans
    is_deleted,

    ---------- timestamps
    created_at,
    modified_at,

    ---------- metadata
    source_system,
    source_instance
from accounts
