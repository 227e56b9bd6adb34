-- People whom evidence pulls to several accounts: no record names an account and the domain belongs to several, or a record
-- names one and the domain belongs to one of another family.
{% set most_paired = 25 %}
with

person_accounts as (

    select * from {{ ref("int_person_accounts") }}

),

families as (

    select * from {{ ref("int_account_families") }}

)

select
    ---------- ids
    person_accounts.person_key,
    owners.account_key,

    ---------- strings
    'ambiguous_domain' as conflict_type,
    min(owners.own_domain) as own_domain,

    ---------- numerics
    max(owners.owner_count) as owner_count
from person_accounts
inner join {{ ref("int_person_domains") }} as person_domains on person_accounts.person_key = person_domains.person_key
inner join {{ ref("int_domain_owners") }} as owners on person_domains.own_domain = owners.own_domain
where person_accounts.is_domain_ambiguous and owners.owner_number <= {{ most_paired }}
group by person_accounts.person_key, owners.account_key
union all
select
    person_accounts.person_key,
    person_accounts.domain_account_key as account_key,
    'filed_elsewhere' as conflict_type,
    cast(null as {{ dbt.type_string() }}) as own_domain,
    1 as owner_count
from person_accounts
left join families on person_accounts.account_key = families.account_key
left join families as domain_families on person_accounts.domain_account_key = domain_families.account_key
where person_accounts.account_key <> person_accounts.domain_account_key
    and coalesce(families.ultimate_parent_account_key, person_accounts.account_key)
    <> coalesce(domain_families.ultimate_parent_account_key, person_accounts.domain_account_key)
