-- Pairs of living accounts that have one own domain today and are not one account. Of a domain that very many accounts
-- share, each is paired with the first only.
{% set most_paired = 25 %}
with

owners as (

    select * from {{ ref("int_domain_owners") }} where is_current

)

select
    ---------- ids
    owners.account_key as left_account_key,
    others.account_key as right_account_key,

    ---------- strings
    owners.own_domain,

    ---------- numerics
    owners.owner_count
from owners
inner join owners as others on owners.own_domain = others.own_domain and owners.owner_number < others.owner_number
where owners.owner_number = 1 or owners.owner_count <= {{ most_paired }}
