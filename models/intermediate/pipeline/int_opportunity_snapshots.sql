-- The CRM's own snapshots, keyed to their opportunity. The first one belongs to the creation when it came within a minute of it.
with

snapshots as (

    select * from {{ ref('stg_salesforce__opportunity_history') }}

),

opportunities as (

    select * from {{ ref('int_opportunities_resolved') }}

),

keyed as (

    select
        opportunities.opportunity_key,
        opportunities.created_at,
        snapshots.opportunity_history_id,
        snapshots.account_id,
        snapshots.owner_user_id,
        snapshots.stage_name,
        {{ forecast_category('snapshots.forecast_category') }} as forecast_category,
        snapshots.currency_code,
        snapshots.amount,
        snapshots.previous_amount,
        snapshots.probability_percent,
        snapshots.opportunity_history_id like '%@%' as is_record_version,
        snapshots.is_deleted,
        snapshots.close_date,
        snapshots.previous_close_date,
        {{ earlier_of('snapshots.changed_at', 'snapshots.loaded_at') }} as changed_at,
        row_number() over (
            partition by opportunities.opportunity_key
            order by {{ earlier_of('snapshots.changed_at', 'snapshots.loaded_at') }}, snapshots.opportunity_history_id
        ) as snapshot_number
    from snapshots
    inner join opportunities
        on snapshots.source_system = opportunities.source_system
        and snapshots.source_instance = opportunities.source_instance
        and snapshots.opportunity_id = opportunities.opportunity_id
    where snapshots.changed_at is not null

)

select
    ---------- ids
    opportunity_key,
    opportunity_history_id,
    account_id,
    owner_user_id,

    ---------- strings
    stage_name,
    forecast_category,
    currency_code,

    ---------- numerics
    snapshot_number,
    amount,
    previous_amount,
    probability_percent,

    ---------- booleans
    is_record_version,
    is_record_version and is_deleted as is_deleted,

    ---------- dates
    close_date,
    previous_close_date,

    ---------- timestamps
    case
        when snapshot_number = 1 and created_at < changed_at and changed_at <= {{ dbt.dateadd('minute', 1, 'created_at') }} then created_at
        else changed_at
    end as changed_at
from keyed
