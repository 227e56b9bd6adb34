-- Since when an instance tracks a field: its oldest tracked change. From then on, no change means that the value stayed.
with

field_changes as (

    select * from {{ ref('int_opportunity_field_changes') }}

),

snapshots as (

    select * from {{ ref('stg_salesforce__opportunity_history') }}

),

tracked as (

    select
        source_system,
        source_instance,
        min(case when attribute = 'stage' then changed_at end) as stage_tracked_from,
        min(case when attribute = 'amount' then changed_at end) as amount_tracked_from,
        min(case when attribute = 'close_date' then changed_at end) as close_date_tracked_from,
        min(case when attribute = 'owner' then changed_at end) as owner_tracked_from,
        min(case when attribute = 'account' then changed_at end) as account_tracked_from,
        0 as has_snapshot_amounts
    from field_changes
    group by source_system, source_instance

),

-- a loader adds a column once it has a value: snapshots without any amount do not say that amounts were empty
snapshotted as (

    select
        source_system,
        source_instance,
        max(case when amount is not null then 1 else 0 end) as has_snapshot_amounts
    from snapshots
    group by source_system, source_instance

),

unioned as (

    select * from tracked
    union all
    select
        source_system,
        source_instance,
        null,
        null,
        null,
        null,
        null,
        has_snapshot_amounts
    from snapshotted

)

select
    ---------- ids
    source_system,
    source_instance,

    ---------- booleans
    max(has_snapshot_amounts) = 1 as has_snapshot_amounts,

    ---------- timestamps
    max(stage_tracked_from) as stage_tracked_from,
    max(amount_tracked_from) as amount_tracked_from,
    max(close_date_tracked_from) as close_date_tracked_from,
    max(owner_tracked_from) as owner_tracked_from,
    max(account_tracked_from) as account_tracked_from
from unioned
group by source_system, source_instance
