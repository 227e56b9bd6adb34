-- One row per account, week and team. Returns those that stand twice.
select
    account_key,
    week_start_date,
    team
from {{ ref('agg_account_engagement_weekly') }}
group by account_key, week_start_date, team
having count(*) > 1
