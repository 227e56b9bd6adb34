{{ config(materialized="view") }}

-- What Marketo's log says of changed scores, statuses, opt-outs and declared stages, in the shape that all systems' changes of
-- people share. Scores stand among the changed values or in a log of their own.
{%- set named_changes = ["stg_marketo__activity_data_value_changes", "stg_marketo__activity_score_changes"] %}
with

named_changes as (

    {% for model in named_changes -%}
    select
        source_system,
        source_instance,
        lead_id,
        activity_id,
        occurred_at,
        old_value,
        new_value,
        case replace(replace(lower(asset_name), '_', ''), ' ', '')
            when 'leadscore' then 'lead_score'
            when 'score' then 'lead_score'
            when 'leadstatus' then 'lead_status'
            when 'unsubscribed' then 'opted_out'
        end as attribute
    from {{ ref(model) }}
    where not is_deleted
    {{ "union all" if not loop.last }}
    {% endfor %}

),

unioned as (

    select source_system, source_instance, lead_id, activity_id, occurred_at, old_value, new_value, attribute
    from named_changes
    union all
    select source_system, source_instance, lead_id, activity_id, occurred_at, old_stage, new_stage, 'lifecycle_stage' as attribute
    from {{ ref("stg_marketo__activity_revenue_stage_changes") }}
    where not is_deleted
    union all
    select source_system, source_instance, lead_id, activity_id, occurred_at, 'false' as old_value, 'true' as new_value, 'opted_out' as attribute
    from {{ ref("stg_marketo__activity_email_unsubscribes") }}
    where not is_deleted

)

select
    ---------- ids
    lead_id,
    activity_id as field_change_id,

    ---------- strings
    attribute,
    old_value,
    new_value,

    ---------- timestamps
    occurred_at as changed_at,

    ---------- metadata
    source_system,
    source_instance
from unioned
