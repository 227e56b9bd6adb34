{{ config(materialized="view") }}

-- All that is said about a person, by instant and attribute: what a record began with, tracked changes, the current rows, and
-- what happens once. `evidence` says how it is known.
with

histories as (

    select * from {{ ref("int_person_field_histories") }}

),

field_changes as (

    select * from {{ ref("int_person_field_changes") }}

),

-- where tracking began: the old value of the first change, and of a field that never changed the current value
beginnings as (

    select
        *,
        case when has_changed then first_old_value else current_value end as first_known_value,
        case when has_changed then 'reconstructed' else 'observed' end as first_evidence
    from histories

)

select
    person_key, attribute, started_at as event_at, 0 as event_rank, cast(record_key as {{ dbt.type_string() }}) as event_id,
    case
        when known_from <= started_at then first_known_value
        -- an owner, and no opt-out, are carried back: nothing says that they were others
        when attribute = 'owner' or (attribute = 'opted_out' and first_known_value = 'false') then first_known_value
        -- silence would be read as never opted out
        when attribute = 'opted_out' then 'unknown'
    end as value,
    case
        when known_from <= started_at then first_evidence
        when attribute = 'owner' then 'reconstructed'
        else 'unknown'
    end as evidence
from beginnings

union all

select
    person_key, attribute, known_from as event_at, 0 as event_rank, cast(record_key as {{ dbt.type_string() }}) as event_id,
    first_known_value as value, first_evidence as evidence
from beginnings
where known_from > started_at
    and known_from < closed_at
    and (speaks_until_at is null or known_from < speaks_until_at)

union all

select
    histories.person_key, histories.attribute, field_changes.changed_at as event_at, 1 as event_rank, field_changes.field_change_id as event_id,
    field_changes.new_value as value, 'observed' as evidence
from field_changes
inner join histories
    on field_changes.record_key = histories.record_key
        and field_changes.attribute = histories.attribute
where histories.speaks_until_at is null or field_changes.changed_at < histories.speaks_until_at

union all

select
    person_key, attribute, closed_at as event_at, 2 as event_rank, cast(record_key as {{ dbt.type_string() }}) as event_id,
    current_value as value, 'observed' as evidence
from histories
where is_landed
    and attribute <> 'lifecycle_stage'
    and (speaks_until_at is null or closed_at < speaks_until_at)

union all

select
    person_key, attribute, event_at, 3 as event_rank, '' as event_id, 'true' as value, 'observed' as evidence
from {{ ref("int_person_milestones") }}
