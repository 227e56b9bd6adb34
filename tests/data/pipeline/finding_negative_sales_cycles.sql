{{ config(severity='warn') }}
-- Won before it was created: a migrated or mistyped date. Leave these out of cycle times.
select opportunity_key
from {{ ref('fct_opportunities') }}
where sales_cycle_days < 0
