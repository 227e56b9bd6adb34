-- In which CRM instance a person's record id lives, for systems that hold the id only. An id that two instances have
-- (a copied sandbox) is theirs only where the instances carry one name.
with

people as (

    select * from {{ ref("int_salesforce__people") }}

)

select
    ---------- ids
    source_record_id,

    ---------- metadata
    max(source_system) as source_system,
    min(source_instance) as source_instance
from people
group by source_record_id
having count(distinct source_instance) = 1
