-- CRM records that put a person on an opportunity by hand, in one shape.
with

opportunities as (

    select * from {{ ref('int_opportunities_resolved') }}

),

contact_roles as (

    select * from {{ ref('stg_salesforce__opportunity_contact_roles') }}
    where not is_deleted

)

select
    source_system, source_instance, 'contact_role' as source_object, opportunity_contact_role_id as source_record_id, opportunity_id,
    contact_id as person_record_id, 'contact role' as evidence, buying_role, coalesce(is_primary, false) as is_primary,
    -- nothing was said after the moment at which it was loaded: an instant beyond is mistyped
    {{ earlier_of('created_at', 'loaded_at') }} as occurred_at
from contact_roles
union all
select
    source_system, source_instance, 'opportunity' as source_object, opportunity_id as source_record_id, opportunity_id,
    contact_id as person_record_id, 'contact role' as evidence, cast(null as {{ dbt.type_string() }}) as buying_role, false as is_primary,
    {{ earlier_of('created_at', 'loaded_at') }} as occurred_at
from opportunities
where contact_id is not null
