-- Rings of parents, each broken at the account with the smallest key: mend one parent in the CRM.
{{ config(error_if=finding_ceiling("hierarchy_cycles")) }}
with

accounts as (

    select account_key, is_hierarchy_cycle_broken, count(*) over () as population
    from {{ ref("dim_accounts") }}

)

select account_key, population
from accounts
where is_hierarchy_cycle_broken
