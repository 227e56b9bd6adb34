-- Where the history of an opportunity begins and ends, and since when the history says something about each attribute.
with

opportunities as (

    select
        opportunity_key,
        source_system,
        source_instance,
        -- nothing was true after the moment at which it was loaded: an instant beyond is mistyped
        {{ earlier_of('coalesce(created_at, modified_at, source_updated_at, loaded_at)', 'loaded_at') }} as first_known_at,
        -- a deletion moves the system's stamp only; a change by a user moves both
        case
            when is_deleted then {{ earlier_of('coalesce(source_updated_at, modified_at, loaded_at, created_at)', 'loaded_at') }}
            else {{ earlier_of('coalesce(modified_at, source_updated_at, loaded_at, created_at)', 'loaded_at') }}
        end as last_known_at
    from {{ ref('int_opportunities_resolved') }}

),

first_changes as (

    select * from {{ ref('int_opportunity_first_changes') }}

),

field_changes as (

    select opportunity_key, min(changed_at) as first_changed_at, max(changed_at) as last_changed_at
    from {{ ref('int_opportunity_field_changes') }}
    group by opportunity_key

),

snapshots as (

    select
        opportunity_key,
        min(changed_at) as first_changed_at,
        max(changed_at) as last_changed_at,
        min(case when is_record_version then changed_at end) as first_version_at
    from {{ ref('int_opportunity_snapshots') }}
    group by opportunity_key

),

coverage as (

    select * from {{ ref('int_opportunity_history_coverage') }}

),

ends as (

    select
        opportunities.opportunity_key,
        snapshots.first_changed_at as snapshots_from,
        snapshots.first_version_at as record_versions_from,
        -- a creation date after the last change is mistyped: history does not run backwards
        {{ earlier_of(earlier_of('opportunities.first_known_at', 'opportunities.last_known_at'), earlier_of('snapshots.first_changed_at', 'field_changes.first_changed_at')) }} as started_at,
        {{ later_of('opportunities.last_known_at', later_of('snapshots.last_changed_at', 'field_changes.last_changed_at')) }} as closed_at,
        coalesce(coverage.has_snapshot_amounts, false) as has_snapshot_amounts,
        coverage.stage_tracked_from,
        coverage.amount_tracked_from,
        coverage.close_date_tracked_from,
        coverage.owner_tracked_from,
        coverage.account_tracked_from
    from opportunities
    left join snapshots
        on opportunities.opportunity_key = snapshots.opportunity_key
    left join field_changes
        on opportunities.opportunity_key = field_changes.opportunity_key
    left join coverage
        on opportunities.source_system = coverage.source_system
        and opportunities.source_instance = coverage.source_instance

)

select
    ---------- ids
    ends.opportunity_key,

    ---------- booleans
    ends.has_snapshot_amounts,

    ---------- timestamps
    ends.started_at,
    ends.closed_at,
    ends.snapshots_from,
    {{ attribute_said_from('stage', 'ends.snapshots_from') }} as stage_said_from,
    {{ attribute_said_from('amount', 'case when ends.has_snapshot_amounts then ends.snapshots_from end') }} as amount_said_from,
    {{ attribute_said_from('close_date', 'ends.snapshots_from') }} as close_date_said_from,
    {{ attribute_known_from('stage', 'ends.snapshots_from') }} as stage_known_from,
    {{ attribute_known_from('amount', 'case when ends.has_snapshot_amounts then ends.snapshots_from end') }} as amount_known_from,
    {{ attribute_known_from('close_date', 'ends.snapshots_from') }} as close_date_known_from,
    {{ attribute_known_from('owner', 'ends.record_versions_from') }} as owner_known_from,
    {{ attribute_known_from('account', 'ends.record_versions_from') }} as account_known_from
from ends
left join first_changes
    on ends.opportunity_key = first_changes.opportunity_key
