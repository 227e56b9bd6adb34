-- Each account as its speaking record states it: a live record that was not merged away before any other, then the
-- one that was changed last.
with

records as (

    select * from {{ ref("int_account_keys") }}

),

accounts as (

    select * from {{ ref("int_accounts_unioned") }}

),

ranked as (

    select
        records.account_key,
        accounts.*,
        row_number() over (
            partition by records.account_key
            order by
                case when records.is_live then 0 else 1 end,
                case when records.is_merged_away then 1 else 0 end,
                accounts.modified_at desc nulls last,
                accounts.created_at desc nulls last,
                accounts.record_key
        ) as speaking_order
    from records
    inner join accounts on records.record_key = accounts.record_key

),

members as (

    select
        account_key,
        min(created_at) as created_at,
        count(*) as record_count,
        max(case when is_live then 1 else 0 end) = 1 as is_live
    from records
    where is_landed
    group by account_key

)

select
    ---------- ids
    ranked.account_key,
    ranked.record_key as speaking_record_key,
    owners.user_key as owner_user_key,
    parents.account_key as stated_parent_account_key,

    ---------- strings
    ranked.account_name,
    domains.own_domain as domain,
    ranked.industry,
    ranked.account_type,
    ranked.country_code,
    ranked.currency_code,

    ---------- numerics
    ranked.employee_count,
    ranked.annual_revenue_amount,
    members.record_count,

    ---------- booleans
    not members.is_live as is_deleted,

    ---------- timestamps
    members.created_at,
    ranked.modified_at
from ranked
inner join members on ranked.account_key = members.account_key
left join {{ ref("int_domains") }} as domains on ranked.website_host = domains.host
left join records as parents
    on ranked.parent_record_key = parents.record_key and parents.account_key <> ranked.account_key
left join {{ ref("int_users_mapped") }} as owners
    on ranked.source_system = owners.source_system
        and ranked.source_instance = owners.source_instance
        and ranked.owner_user_id = owners.source_record_id
where ranked.speaking_order = 1
