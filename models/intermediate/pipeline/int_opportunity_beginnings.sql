-- What an opportunity began with, before the first that history says: the old value of the first change, where there is one; nothing is invented.
-- Owner, account and currency are carried back from the oldest known value, and the version says so.
{{ config(materialized='view') }}

with

opportunities as (

    select * from {{ ref('int_opportunities_resolved') }}

),

bounds as (

    select * from {{ ref('int_opportunity_history_bounds') }}

),

first_changes as (

    select * from {{ ref('int_opportunity_first_changes') }}

),

snapshots as (

    select * from {{ ref('int_opportunity_snapshots') }}

)

select
    opportunities.opportunity_key,
    bounds.started_at as event_at,
    case
        when first_changes.stage_changed_at = bounds.stage_said_from then first_changes.old_stage_name
        when bounds.stage_said_from = bounds.started_at then opportunities.stage_name
    end as stage_name,
    case
        when first_changes.amount_changed_at = bounds.amount_said_from then first_changes.old_amount
        when bounds.amount_said_from = bounds.snapshots_from then snapshots.previous_amount
        when bounds.amount_said_from = bounds.started_at then opportunities.amount
    end as amount,
    case
        when first_changes.close_date_changed_at = bounds.close_date_said_from then first_changes.old_close_date
        when bounds.close_date_said_from = bounds.snapshots_from then snapshots.previous_close_date
        when bounds.close_date_said_from = bounds.started_at then opportunities.close_date
    end as close_date,
    case
        when snapshots.opportunity_key is null or first_changes.forecast_category_changed_at <= bounds.snapshots_from
            then first_changes.old_forecast_category
    end as forecast_category,
    case
        when first_changes.owner_changed_at is not null then first_changes.old_owner_user_id
        else coalesce(snapshots.owner_user_id, opportunities.owner_user_id)
    end as owner_user_id,
    case
        when first_changes.account_changed_at is not null then first_changes.old_account_id
        else coalesce(snapshots.account_id, opportunities.account_id)
    end as account_id,
    coalesce(first_changes.old_currency_code, snapshots.currency_code, opportunities.currency_code) as currency_code
from opportunities
inner join bounds
    on opportunities.opportunity_key = bounds.opportunity_key
left join first_changes
    on opportunities.opportunity_key = first_changes.opportunity_key
left join snapshots
    on opportunities.opportunity_key = snapshots.opportunity_key
    and snapshots.snapshot_number = 1
