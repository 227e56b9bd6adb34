-- In which CRM instance a record id lives, for systems that hold the id only. An id that several instances have (a copied
-- sandbox) is not here: whoever holds one means the instance that bears the name of its own, and where none does, nothing.
with

records as (

    select source_record_id, source_system, source_instance
    from {{ ref("int_account_records") }}
    union all
    select source_record_id, source_system, source_instance
    from {{ ref("int_salesforce__people") }}
    union all
    select opportunity_id as source_record_id, source_system, source_instance
    from {{ ref("stg_salesforce__opportunities") }}
    union all
    select campaign_id as source_record_id, source_system, source_instance
    from {{ ref("stg_salesforce__campaigns") }}
    union all
    select source_record_id, source_system, source_instance
    from {{ ref("int_users_unioned") }}
    where source_system = 'salesforce'

)

select
    ---------- ids
    source_record_id,

    ---------- metadata
    max(source_system) as source_system,
    min(source_instance) as source_instance
from records
group by source_record_id
having min(source_instance) = max(source_instance)
