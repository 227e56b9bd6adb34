-- Account records of all CRMs; a further CRM is one more `union all`.
select
    ---------- ids
    record_key,
    source_record_id,
    survivor_record_id,
    survivor_record_key,
    parent_record_key,
    owner_user_id,

    ---------- strings
    source_object,
    account_name,
    website_host,
    industry,
    account_type,
    country_code,
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
from {{ ref("int_salesforce__accounts") }}
