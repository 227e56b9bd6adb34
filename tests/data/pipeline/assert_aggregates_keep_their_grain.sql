-- Slices may be unknown (NULL), so these grains are no primary keys.
select 'agg_pipeline_movements' as mart, period_key, pipeline_scope, opportunity_key, movement_name, account_key, owner_user_key, segment, currency_code
from {{ ref('agg_pipeline_movements') }}
group by period_key, pipeline_scope, opportunity_key, movement_name, account_key, owner_user_key, segment, currency_code
having count(*) > 1
union all
select 'agg_pipeline_periods' as mart, period_key, pipeline_scope, null, null, account_key, owner_user_key, segment, currency_code
from {{ ref('agg_pipeline_periods') }}
group by period_key, pipeline_scope, account_key, owner_user_key, segment, currency_code
having count(*) > 1
