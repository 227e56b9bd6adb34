{{ config(materialized="view") }}

-- What each record of a person states of each attribute that versions are made of: now, and before the first tracked change; when
-- the record began to exist and was last changed, and since when its instance tracks the attribute. Without what is never stated.
{%- set attributes = {
    'lead_status': ('lead_status', 'kind in (2, 3)'),
    'lead_score': ('cast(lead_score as ' ~ dbt.type_string() ~ ')', 'kind = 3'),
    'owner': ('cast(owner_user_key as ' ~ dbt.type_string() ~ ')', 'kind in (1, 2, 3)'),
    'rejection_reason': ('rejection_reason', 'kind = 2'),
    'lifecycle_stage': ('cast(null as ' ~ dbt.type_string() ~ ')', 'kind = 3'),
    'opted_out': ("case when is_opted_out then 'true' when is_landed then 'false' end", 'kind in (1, 2, 3)'),
} %}
with

field_changes as (

    select * from {{ ref("int_person_field_changes") }}

),

creations as (

    select
        source_system,
        source_instance,
        lead_id,
        min(occurred_at) as created_at
    from {{ ref("stg_marketo__activity_lead_creations") }}
    where not is_deleted
    group by source_system, source_instance, lead_id

),

first_changes as (

    select
        record_key,
        attribute,
        changed_at,
        old_value,
        row_number() over (partition by record_key, attribute order by changed_at, field_change_id) as change_rank,
        max(changed_at) over (partition by record_key, attribute) as last_changed_at
    from field_changes

),

record_changes as (

    select record_key, min(changed_at) as first_changed_at
    from field_changes
    group by record_key

),

-- from the first tracked change in an instance on, no change means that a value stayed
tracked as (

    select
        source_system,
        source_instance,
        attribute,
        min(changed_at) as tracked_from
    from field_changes
    group by source_system, source_instance, attribute

),

dated as (

    select
        records.*,
        -- a creation after the last or the first change is mistyped: history does not run backwards
        {{ earlier_of(
            earlier_of(
                earlier_of('coalesce(records.created_at, creations.created_at, records.modified_at, record_changes.first_changed_at)', 'records.modified_at'),
                'record_changes.first_changed_at'
            ),
            'as_of.newest_loaded_at'
        ) }} as started_at,
        {{ earlier_of('coalesce(records.modified_at, records.created_at, as_of.newest_loaded_at)', 'as_of.newest_loaded_at') }} as modified_last_at
    from {{ ref("int_person_record_states") }} as records
    cross join {{ ref("as_of") }} as as_of
    left join record_changes on records.record_key = record_changes.record_key
    left join creations
        -- one equality: a condition on the left side alone would have every pair of records compared
        on case when not records.is_landed then records.source_record_id end = creations.lead_id
            and records.source_instance = creations.source_instance
            and records.source_system = creations.source_system

),

stated as (

    {% for attribute, (value, kinds) in attributes.items() -%}
    select
        record_key, person_key, source_system, source_instance, kind, is_landed, is_live, started_at, modified_last_at, modified_at, created_at,
        '{{ attribute }}' as attribute, {{ value }} as current_value
    from dated
    where {{ kinds }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)
select
    ---------- ids
    stated.record_key,
    stated.person_key,

    ---------- strings
    stated.attribute,
    stated.current_value,
    first_changes.old_value as first_old_value,

    ---------- numerics
    stated.kind,

    ---------- booleans
    stated.is_landed,
    stated.is_live,

    ---------- timestamps
    stated.created_at,
    stated.modified_at,
    stated.started_at,
    {{ later_of('stated.modified_last_at', 'first_changes.last_changed_at') }} as closed_at,
    first_changes.changed_at as first_changed_at,
    tracked.tracked_from
from stated
left join first_changes
    on stated.record_key = first_changes.record_key
        and stated.attribute = first_changes.attribute
        and first_changes.change_rank = 1
left join tracked
    on stated.source_system = tracked.source_system
        and stated.source_instance = tracked.source_instance
        and stated.attribute = tracked.attribute
where stated.started_at is not null
    and (stated.current_value is not null or first_changes.changed_at is not null)
