-- Every staged account, contact, lead and marketing lead is in its map exactly once, and whatever the maps call landed
-- is staged. The maps' primary keys make a second row, or two ids with one key, impossible.
with

staged as (

    select 'account' as source_object, source_system, source_instance, account_id as source_record_id
    from {{ ref("stg_salesforce__accounts") }}
    union all
    select 'contact' as source_object, source_system, source_instance, contact_id as source_record_id
    from {{ ref("stg_salesforce__contacts") }}
    union all
    select 'lead' as source_object, source_system, source_instance, lead_id as source_record_id
    from {{ ref("stg_salesforce__leads") }}
    union all
    select 'lead' as source_object, source_system, source_instance, lead_id as source_record_id
    from {{ ref("stg_marketo__leads") }}

),

mapped as (

    select source_object, source_system, source_instance, source_record_id
    from {{ ref("map_accounts") }}
    where is_landed
    union all
    select source_object, source_system, source_instance, source_record_id
    from {{ ref("map_people") }}
    where is_landed and source_object <> 'participant'

)

select
    coalesce(staged.source_object, mapped.source_object) as source_object,
    coalesce(staged.source_record_id, mapped.source_record_id) as source_record_id
from staged
full outer join mapped
    on staged.source_object = mapped.source_object
        and staged.source_system = mapped.source_system
        and staged.source_instance = mapped.source_instance
        and staged.source_record_id = mapped.source_record_id
where staged.source_record_id is null or mapped.source_record_id is null
