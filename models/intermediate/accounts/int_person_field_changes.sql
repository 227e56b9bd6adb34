-- Tracked changes of what person versions are made of, keyed to the record and the person. Values are text; an owner is a
-- colleague's key.
with

unioned as (

    select source_system, source_instance, lead_id, field_change_id, changed_at, attribute, old_value, new_value
    from {{ ref("int_salesforce__person_field_changes") }}
    union all
    select source_system, source_instance, lead_id, field_change_id, changed_at, attribute, old_value, new_value
    from {{ ref("int_marketo__person_field_changes") }}

),

records as (

    select * from {{ ref("int_person_record_states") }} where source_object = 'lead'

),

as_of as (

    select * from {{ ref("as_of") }}

)

select
    ---------- ids
    records.record_key,
    records.person_key,
    unioned.field_change_id,

    ---------- strings
    unioned.attribute,
    {%- for value in ['old_value', 'new_value'] %}
    case unioned.attribute
        when 'lead_score' then cast({{ try_integer('unioned.' ~ value) }} as {{ dbt.type_string() }})
        when 'opted_out' then case when {{ try_boolean('unioned.' ~ value) }} then 'true' else 'false' end
        else unioned.{{ value }}
    end as {{ value }},
    {%- endfor %}

    ---------- timestamps
    -- nothing was said after the moment at which it was loaded: an instant beyond is mistyped
    {{ earlier_of('unioned.changed_at', 'as_of.newest_loaded_at') }} as changed_at,

    ---------- metadata
    records.source_system,
    records.source_instance
from unioned
cross join as_of
inner join records
    on unioned.lead_id = records.source_record_id
        and unioned.source_instance = records.source_instance
        and unioned.source_system = records.source_system
where unioned.attribute is not null and unioned.changed_at is not null
