-- Accounts with the attributes that other concepts slice by; without customer state, which comes from opportunities.
with

accounts as (

    select * from {{ ref("int_accounts_resolved") }}

),

segments as (

    select * from {{ ref("account_segments") }}

)

select
    ---------- ids
    accounts.account_key,
    accounts.owner_user_key,

    ---------- strings
    accounts.account_name,
    accounts.domain,
    segments.segment,
    accounts.industry,
    accounts.account_type,
    accounts.country_code,
    accounts.currency_code,

    ---------- numerics
    accounts.employee_count,
    accounts.annual_revenue_amount,

    ---------- booleans
    accounts.is_deleted,

    ---------- timestamps
    accounts.created_at
from accounts
left join segments
    on accounts.employee_count >= segments.employees_from
        and accounts.employee_count <= coalesce(segments.employees_to, accounts.employee_count)
