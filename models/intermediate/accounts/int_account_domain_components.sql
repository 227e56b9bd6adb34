-- Companies of different CRM instances that one current domain joins. Within one instance a domain never joins: a
-- domain that two live accounts of an instance share is left out, and so is what would join two of them by detours.
with

domains as (

    select * from {{ ref("int_account_domains") }} where is_current

),

overrides as (

    select * from {{ ref("int_match_overrides") }} where entity = 'account' and action = 'split'

),

per_instance as (

    select
        own_domain,
        source_system,
        source_instance,
        count(distinct component_key) as company_count,
        min(component_key) as component_key
    from domains
    where component_key not in (
        select records.component_key
        from overrides
        inner join {{ ref("int_account_records") }} as records on overrides.record_key = records.record_key
    )
    group by own_domain, source_system, source_instance

),

clear_domains as (

    select
        own_domain,
        min(component_key) as component_key
    from per_instance
    group by own_domain
    having max(company_count) = 1 and count(*) > 1

),

domain_links as (

    select
        clear_domains.component_key,
        per_instance.component_key as other_component_key
    from clear_domains
    inner join per_instance on clear_domains.own_domain = per_instance.own_domain

),

{{ connected_components("domain_links", "component_key", "other_component_key", rounds=8) }},

crowded as (

    select components.component_key
    from components
    inner join {{ ref("int_account_records") }} as records on components.node_key = records.component_key
    where records.is_live
    group by components.component_key, records.source_system, records.source_instance
    having count(distinct records.component_key) > 1

)

select
    ---------- ids
    node_key as component_key,
    component_key as joined_component_key
from components
where component_key not in (select component_key from crowded)
