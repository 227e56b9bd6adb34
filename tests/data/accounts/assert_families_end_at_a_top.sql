-- Hierarchies have converged: the top of each family has no parent, and following parents leads to one top. If this fails,
-- a hierarchy is deeper than the rounds of `int_account_families` reach: raise them.
with

accounts as (

    select * from {{ ref("dim_accounts") }}

)

select accounts.account_key
from accounts
left join accounts as parents on accounts.parent_account_key = parents.account_key
left join accounts as tops on accounts.ultimate_parent_account_key = tops.account_key
where tops.account_key is null
    or tops.parent_account_key is not null
    or (
        accounts.parent_account_key is not null
        and (parents.account_key is null or parents.ultimate_parent_account_key <> accounts.ultimate_parent_account_key)
    )
