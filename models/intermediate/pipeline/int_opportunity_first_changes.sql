-- The first tracked change of each field of an opportunity: its old value is the oldest that is known.
with

field_changes as (

    select * from {{ ref('int_opportunity_field_changes') }}

),

ranked as (

    select
        opportunity_key, attribute, changed_at, old_value,
        row_number() over (
            partition by opportunity_key, attribute
            order by changed_at, field_change_id
        ) as change_rank
    from field_changes

)

select
    ---------- ids
    opportunity_key,

    ---------- timestamps
    max(case when attribute = 'stage' then changed_at end) as stage_changed_at,
    max(case when attribute = 'amount' then changed_at end) as amount_changed_at,
    max(case when attribute = 'close_date' then changed_at end) as close_date_changed_at,
    max(case when attribute = 'forecast_category' then changed_at end) as forecast_category_changed_at,
    max(case when attribute = 'owner' then changed_at end) as owner_changed_at,
    max(case when attribute = 'account' then changed_at end) as account_changed_at,

    ---------- strings
    max(case when attribute = 'stage' then old_value end) as old_stage_name,
    max(case when attribute = 'amount' then {{ try_amount('old_value') }} end) as old_amount,
    max(case when attribute = 'close_date' then {{ try_date('old_value') }} end) as old_close_date,
    max(case when attribute = 'forecast_category' then {{ forecast_category('old_value') }} end) as old_forecast_category,
    max(case when attribute = 'owner' then old_value end) as old_owner_user_id,
    max(case when attribute = 'account' then old_value end) as old_account_id,
    max(case when attribute = 'currency' then old_value end) as old_currency_code,
    max(case when attribute = 'currency' then changed_at end) as currency_changed_at
from ranked
where change_rank = 1
group by opportunity_key
