-- People whom one full address joins. An address that live contacts of two people in one CRM hold decides nothing, nor
-- does a chain of addresses that would join two such people by detours.
with

records as (

    select * from {{ ref("int_person_records") }}

),

split_components as (

    select records.component_key
    from {{ ref("int_match_overrides") }} as overrides
    inner join records on overrides.record_key = records.record_key
    where overrides.entity = 'person' and overrides.action = 'split'

),

contact_components as (

    select distinct component_key, source_system, source_instance
    from records
    where source_object = 'contact' and is_live

),

addresses as (

    select distinct matching_email, component_key
    from records
    where matching_email is not null
        and component_key not in (select component_key from split_components)

),

-- Per address: how many people hold it, and how many of them one CRM instance knows as contacts.
shared_addresses as (

    select
        matching_email,
        min(component_key) as component_key
    from addresses
    group by matching_email
    having count(*) > 1

),

contact_counts as (

    select
        addresses.matching_email,
        count(*) as contact_count
    from addresses
    inner join shared_addresses on addresses.matching_email = shared_addresses.matching_email
    inner join contact_components on addresses.component_key = contact_components.component_key
    group by addresses.matching_email, contact_components.source_system, contact_components.source_instance

),

unclear_addresses as (

    select distinct matching_email
    from contact_counts
    where contact_count > 1

),

email_links as (

    select
        shared_addresses.component_key,
        addresses.component_key as other_component_key
    from shared_addresses
    inner join addresses on shared_addresses.matching_email = addresses.matching_email
    left join unclear_addresses on shared_addresses.matching_email = unclear_addresses.matching_email
    where unclear_addresses.matching_email is null

),

{{ connected_components("email_links", "component_key", "other_component_key") }},

crowded as (

    select distinct components.component_key
    from components
    inner join contact_components on components.node_key = contact_components.component_key
    group by components.component_key, contact_components.source_system, contact_components.source_instance
    having count(*) > 1

)

select
    ---------- ids
    components.node_key as component_key,
    components.component_key as joined_component_key
from components
left join crowded on components.component_key = crowded.component_key
where crowded.component_key is null
