-- All that is said about the state of an opportunity, by instant: what it began with, tracked changes, snapshots, and the
-- current row, which closes the history. A NULL in `sets_…` means that the row is silent about the attribute.
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

),

field_changes as (

    select * from {{ ref('int_opportunity_field_changes') }}

),

beginnings as (

    select * from {{ ref('int_opportunity_beginnings') }}

)

select
    opportunity_key, event_at, 0 as event_rank, '' as event_id,
    stage_name, amount, close_date, forecast_category, cast(null as {{ type_decimal(9, 6) }}) as probability,
    owner_user_id, account_id, currency_code, false as is_deleted,
    1 as sets_stage, 1 as sets_amount, 1 as sets_close_date, 1 as sets_forecast_category, 1 as sets_probability,
    1 as sets_owner, 1 as sets_account, 1 as sets_currency, 1 as sets_deleted
from beginnings

union all

select
    opportunity_key, changed_at as event_at, 1 as event_rank, field_change_id as event_id,
    case when attribute = 'stage' then new_value end as stage_name,
    case when attribute = 'amount' then {{ try_amount('new_value') }} end as amount,
    case when attribute = 'close_date' then {{ try_date('new_value') }} end as close_date,
    case when attribute = 'forecast_category' then {{ forecast_category('new_value') }} end as forecast_category,
    case when attribute = 'probability' then {{ probability_fraction(try_decimal('new_value', 9, 4)) }} end as probability,
    case when attribute = 'owner' then new_value end as owner_user_id,
    case when attribute = 'account' then new_value end as account_id,
    case when attribute = 'currency' then new_value end as currency_code,
    cast(null as {{ dbt.type_boolean() }}) as is_deleted,
    case when attribute = 'stage' then 1 end as sets_stage,
    case when attribute = 'amount' then 1 end as sets_amount,
    case when attribute = 'close_date' then 1 end as sets_close_date,
    case when attribute = 'forecast_category' then 1 end as sets_forecast_category,
    case when attribute = 'probability' then 1 end as sets_probability,
    case when attribute = 'owner' then 1 end as sets_owner,
    case when attribute = 'account' then 1 end as sets_account,
    case when attribute = 'currency' then 1 end as sets_currency,
    cast(null as {{ dbt.type_int() }}) as sets_deleted
from field_changes

union all

select
    snapshots.opportunity_key, snapshots.changed_at as event_at, 2 as event_rank, snapshots.opportunity_history_id as event_id,
    snapshots.stage_name, snapshots.amount, snapshots.close_date, snapshots.forecast_category,
    {{ probability_fraction('snapshots.probability_percent') }} as probability,
    snapshots.owner_user_id, snapshots.account_id, snapshots.currency_code, snapshots.is_deleted,
    case when snapshots.stage_name is not null then 1 end as sets_stage,
    case when bounds.has_snapshot_amounts then 1 end as sets_amount,
    case when snapshots.close_date is not null then 1 end as sets_close_date,
    case when snapshots.forecast_category is not null then 1 end as sets_forecast_category,
    case when snapshots.probability_percent between 0 and 100 then 1 end as sets_probability,
    case when snapshots.owner_user_id is not null then 1 end as sets_owner,
    case when snapshots.account_id is not null then 1 end as sets_account,
    case when snapshots.currency_code is not null then 1 end as sets_currency,
    case when snapshots.is_record_version then 1 end as sets_deleted
from snapshots
inner join bounds
    on snapshots.opportunity_key = bounds.opportunity_key

union all

-- a tracked field that never changed: from where tracking began, the current value
{% for attribute, value in [('stage', 'stage_name'), ('amount', 'amount'), ('close_date', 'close_date')] -%}
select
    opportunities.opportunity_key, bounds.{{ attribute }}_said_from as event_at, 1 as event_rank, '{{ attribute }}' as event_id,
    {{ 'opportunities.stage_name' if attribute == 'stage' else 'null' }} as stage_name,
    {{ 'opportunities.amount' if attribute == 'amount' else 'null' }} as amount,
    {{ 'opportunities.close_date' if attribute == 'close_date' else 'null' }} as close_date,
    null as forecast_category, null as probability, null as owner_user_id, null as account_id, null as currency_code, null as is_deleted,
    {{ '1' if attribute == 'stage' else 'null' }} as sets_stage,
    {{ '1' if attribute == 'amount' else 'null' }} as sets_amount,
    {{ '1' if attribute == 'close_date' else 'null' }} as sets_close_date,
    null as sets_forecast_category, null as sets_probability, null as sets_owner, null as sets_account, null as sets_currency, null as sets_deleted
from opportunities
inner join bounds
    on opportunities.opportunity_key = bounds.opportunity_key
where bounds.{{ attribute }}_said_from > bounds.started_at
    and bounds.{{ attribute }}_said_from < bounds.closed_at
    and {{ "bounds.snapshots_from is null" if attribute != 'amount' else "(bounds.snapshots_from is null or not bounds.has_snapshot_amounts)" }}
    and not exists (
        select 1
        from first_changes
        where first_changes.opportunity_key = opportunities.opportunity_key
            and first_changes.{{ attribute }}_changed_at is not null
    )

union all

{% endfor -%}
select
    opportunities.opportunity_key, bounds.closed_at as event_at, 3 as event_rank, '' as event_id,
    opportunities.stage_name, opportunities.amount, opportunities.close_date, opportunities.forecast_category, opportunities.probability,
    opportunities.owner_user_id, opportunities.account_id, opportunities.currency_code, opportunities.is_deleted,
    1 as sets_stage, 1 as sets_amount, 1 as sets_close_date, 1 as sets_forecast_category, 1 as sets_probability,
    1 as sets_owner, 1 as sets_account, 1 as sets_currency, 1 as sets_deleted
from opportunities
inner join bounds
    on opportunities.opportunity_key = bounds.opportunity_key
