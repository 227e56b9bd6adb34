-- Accounts with the attributes that other concepts slice by; without customer state, which comes from opportunities.
with

accounts as (

    select * from {{ ref("int_accounts_resolved") }}

),

segments as (

    select
        accounts.account_key,
        account_segments.segment
    from accounts
    inner join {{ ref("account_segments") }} as account_segments
        on accounts.employee_count >= account_segments.employees_from
            and accounts.employee_count <= coalesce(account_segments.employees_to, accounts.employee_count)

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
    lower(accounts.account_type) = 'competitor' as is_competitor,

    ---------- timestamps
    accounts.created_at
from accounts
left join segments on accounts.account_key = segments.account_key
