{{ config(severity='warn') }}
-- Opportunities whose recorded history ends elsewhere than their current row: a change was not loaded or not tracked.
select opportunity_key
from {{ ref('fct_opportunity_versions') }}
where is_history_gap
