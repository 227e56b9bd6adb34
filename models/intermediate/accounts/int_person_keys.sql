-- The person of each CRM and marketing record: the key is the record key of the landed member that was created first,
-- then the smallest.
with

records as (

    select * from {{ ref("int_person_records") }}

),

joined as (

    select * from {{ ref("int_person_email_components") }}

),

grouped as (

    select
        records.*,
        coalesce(joined.joined_component_key, records.component_key) as group_key,
        joined.component_key is not null as is_joined_by_email
    from records
    left join joined on records.component_key = joined.component_key

)

select
    ---------- ids
    record_key,
    first_value(record_key) over (
        partition by group_key
        order by case when is_landed then 0 else 1 end, created_at nulls last, record_key
        rows between unbounded preceding and unbounded following
    ) as person_key,
    component_key,
    source_record_id,

    ---------- strings
    source_object,
    matching_email,
    case
        when evidence_rank = 1 then 'override'
        when evidence_rank = 2 or not is_landed then 'merge'
        when evidence_rank = 3 then 'conversion'
        when evidence_rank = 4 then 'foreign_id'
        when is_joined_by_email then 'email'
        else 'own_record'
    end as evidence,

    ---------- booleans
    is_landed,
    is_live,
    is_merged_away,
    is_role_mailbox,

    ---------- timestamps
    created_at,

    ---------- metadata
    source_system,
    source_instance
from grouped
