-- Rings of parents, each broken at the account with the smallest key: mend one parent in the CRM.
{{ config(severity="warn") }}
select account_key
from {{ ref("dim_accounts") }}
where is_hierarchy_cycle_broken
