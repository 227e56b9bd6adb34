{{ config(materialized="view") }}

-- Tracked changes of Salesforce leads in the shape that all systems' changes of people share. A lookup is written twice, with
-- names and with ids: the ids count; a queue is no colleague.
with

field_changes as (

    select
        source_system,
        source_instance,
        lead_id,
        field_change_id,
        changed_at,
        old_value,
        new_value,
        case replace(lower(field_name), '_', '')
            when 'status' then 'lead_status'
            when 'owner' then 'owner'
            when 'ownerid' then 'owner'
            when 'hasoptedoutofemail' then 'opted_out'
            when 'rejectionreasonc' then 'rejection_reason'
            when 'leadconverted' then 'converted'
        end as attribute
    from {{ ref("stg_salesforce__lead_field_changes") }}
    where not is_deleted

),

users as (

    select * from {{ ref("int_users_mapped") }} where source_system = 'salesforce'

)

select
    ---------- ids
    field_changes.lead_id,
    field_changes.field_change_id,

    ---------- strings
    field_changes.attribute,
    case when field_changes.attribute = 'owner' then cast(old_owners.user_key as {{ dbt.type_string() }}) else field_changes.old_value end as old_value,
    case
        when field_changes.attribute = 'owner' then cast(new_owners.user_key as {{ dbt.type_string() }})
        when field_changes.attribute = 'converted' then 'true'
        else field_changes.new_value
    end as new_value,

    ---------- timestamps
    field_changes.changed_at,

    ---------- metadata
    field_changes.source_system,
    field_changes.source_instance
from field_changes
left join users as old_owners
    on case when field_changes.attribute = 'owner' then {{ salesforce_id('field_changes.old_value') }} end = old_owners.source_record_id
        and field_changes.source_instance = old_owners.source_instance
left join users as new_owners
    on case when field_changes.attribute = 'owner' then {{ salesforce_id('field_changes.new_value') }} end = new_owners.source_record_id
        and field_changes.source_instance = new_owners.source_instance
where field_changes.attribute <> 'owner'
    or (
        length(coalesce(field_changes.new_value, field_changes.old_value)) in (15, 18)
        and coalesce(field_changes.new_value, field_changes.old_value) like '00%'
    )
