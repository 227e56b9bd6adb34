-- Colleagues' seats in all systems in one shape. A CRM user that belongs to a contact is a customer or partner with
-- portal access, not a colleague.
with

salesforce_users as (

    select * from {{ ref("stg_salesforce__users") }} where contact_id is null

),

roles as (

    select * from {{ ref("stg_salesforce__user_roles") }}

),

gong_users as (

    select * from {{ ref("stg_gong__users") }}

)

select
    ---------- ids
    {{ record_key('salesforce_users.source_system', 'salesforce_users.source_instance', 'salesforce_users.user_id') }} as record_key,
    salesforce_users.user_id as source_record_id,
    salesforce_users.manager_user_id,

    ---------- strings
    lower(salesforce_users.email_address) as email_address,
    salesforce_users.user_name,
    roles.role_name,
    salesforce_users.department,
    salesforce_users.job_title,

    ---------- booleans
    coalesce(salesforce_users.is_active, true) and not salesforce_users.is_deleted as is_active,

    ---------- timestamps
    salesforce_users.created_at,

    ---------- metadata
    salesforce_users.source_system,
    salesforce_users.source_instance
from salesforce_users
left join roles
    on salesforce_users.source_instance = roles.source_instance and salesforce_users.user_role_id = roles.user_role_id
union all
select
    {{ record_key('source_system', 'source_instance', 'user_id') }} as record_key,
    user_id as source_record_id,
    manager_user_id,
    lower(email_address) as email_address,
    nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), '') as user_name,
    cast(null as {{ dbt.type_string() }}) as role_name,
    cast(null as {{ dbt.type_string() }}) as department,
    job_title,
    coalesce(is_active, true) and not is_deleted as is_active,
    created_at,
    source_system,
    source_instance
from gong_users
