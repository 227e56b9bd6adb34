-- Every CRM and marketing record of a person that the map must resolve: the landed ones, and those known only because
-- they were merged, in Marketo often without leaving a row. `matching_email` is the address where it may identify
-- somebody: on a live record, and no role mailbox.
with

people as (

    select * from {{ ref("int_people_unioned") }}

),

components as (

    select * from {{ ref("int_person_components") }}

),

merges as (

    select
        record_key,
        max(case when evidence = 'merge' then 1 else 0 end) as is_merged_away,
        min(case evidence when 'override' then 1 when 'merge' then 2 when 'conversion' then 3 else 4 end) as evidence_rank
    from {{ ref("int_person_links") }}
    group by record_key

),

merged_records as (

    select record_key, source_system, source_instance, source_record_id
    from {{ ref("int_marketo__lead_merges") }}
    union distinct
    select survivor_record_key, source_system, source_instance, survivor_record_id
    from {{ ref("int_marketo__lead_merges") }}

),

claimed as (

    select survivor_record_key as record_key, source_system, source_instance, source_object, survivor_record_id as source_record_id
    from people
    where survivor_record_key is not null
    union all
    select record_key, source_system, source_instance, 'lead' as source_object, source_record_id
    from merged_records

),

-- a record that is not there may be claimed as a contact and as a lead: it is one record all the same
missing as (

    select
        claimed.record_key,
        claimed.source_system,
        claimed.source_instance,
        claimed.source_record_id,
        min(claimed.source_object) as source_object
    from claimed
    left join people on claimed.record_key = people.record_key
    where people.record_key is null
    group by claimed.record_key, claimed.source_system, claimed.source_instance, claimed.source_record_id

),

records as (

    select
        record_key,
        source_system,
        source_instance,
        source_object,
        source_record_id,
        email_address,
        is_deleted,
        created_at,
        true as is_landed,
        survivor_record_key
    from people
    union all
    select
        record_key,
        source_system,
        source_instance,
        source_object,
        source_record_id,
        cast(null as {{ dbt.type_string() }}) as email_address,
        false as is_deleted,
        cast(null as {{ dbt.type_timestamp() }}) as created_at,
        false as is_landed,
        cast(null as {{ dbt.type_bigint() }}) as survivor_record_key
    from missing

)

select
    ---------- ids
    records.record_key,
    coalesce(components.component_key, records.record_key) as component_key,
    records.source_record_id,

    ---------- strings
    records.source_object,
    case
        when records.is_landed
            and not records.is_deleted
            and coalesce(merges.is_merged_away, 0) = 0
            and role_mailboxes.mailbox is null
            and {{ email_host('records.email_address') }} is not null
            then records.email_address
    end as matching_email,

    ---------- numerics
    merges.evidence_rank,

    ---------- booleans
    records.is_landed,
    records.is_landed and (
        not records.is_deleted or (records.survivor_record_key is not null and coalesce(merges.is_merged_away, 0) = 0)
    ) as is_live,
    coalesce(merges.is_merged_away, 0) = 1 as is_merged_away,
    role_mailboxes.mailbox is not null as is_role_mailbox,

    ---------- timestamps
    records.created_at,

    ---------- metadata
    records.source_system,
    records.source_instance
from records
left join components on records.record_key = components.record_key
left join merges on records.record_key = merges.record_key
left join {{ ref("role_mailboxes") }} as role_mailboxes
    on {{ email_mailbox('records.email_address') }} = role_mailboxes.mailbox
