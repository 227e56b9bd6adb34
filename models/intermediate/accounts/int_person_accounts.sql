-- The account of each person: the one its records name, else the one living account that owns the domain of its
-- addresses. A domain of several accounts decides nothing.
with

claims as (

    select * from {{ ref("int_person_account_claims") }} where claim_order = 1

),

owners as (

    select
        own_domain,
        min(account_key) as first_account_key,
        max(account_key) as last_account_key,
        max(case when is_current then 1 else 0 end) as is_current
    from {{ ref("int_domain_owners") }}
    group by own_domain

),

by_domain as (

    select
        person_domains.person_key,
        owners.is_current,
        min(owners.first_account_key) as first_account_key,
        max(owners.last_account_key) as last_account_key,
        row_number() over (partition by person_domains.person_key order by owners.is_current desc) as domain_order
    from {{ ref("int_person_domains") }} as person_domains
    inner join owners on person_domains.own_domain = owners.own_domain
    group by person_domains.person_key, owners.is_current

),

-- Today's owners speak before former ones.
by_best_domain as (

    select
        person_key,
        first_account_key,
        last_account_key,
        is_current
    from by_domain
    where domain_order = 1

)

select
    ---------- ids
    coalesce(claims.person_key, by_best_domain.person_key) as person_key,
    case
        when claims.person_key is not null then claims.account_key
        when by_best_domain.first_account_key = by_best_domain.last_account_key then by_best_domain.first_account_key
    end as account_key,
    case
        when by_best_domain.first_account_key = by_best_domain.last_account_key then by_best_domain.first_account_key
    end as domain_account_key,

    ---------- strings
    case
        when claims.person_key is not null then claims.evidence
        when by_best_domain.first_account_key <> by_best_domain.last_account_key then null
        when by_best_domain.is_current = 1 then 'domain'
        else 'former_domain'
    end as evidence,

    ---------- booleans
    claims.person_key is null and by_best_domain.first_account_key <> by_best_domain.last_account_key as is_domain_ambiguous
from claims
full outer join by_best_domain on claims.person_key = by_best_domain.person_key
