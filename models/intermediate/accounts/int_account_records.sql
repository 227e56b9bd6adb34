-- Every account record that the map must resolve: the landed ones, and those known only because others were merged
-- into them. `component_key` is the same for records that merges and reviewed decisions make one company.
with

accounts as (

    select * from {{ ref("int_accounts_unioned") }}

),

components as (

    select * from {{ ref("int_account_components") }}

),

merges as (

    select distinct record_key
    from {{ ref("int_account_links") }}
    where evidence = 'merge'

),

missing_survivors as (

    select distinct
        accounts.survivor_record_key as record_key,
        accounts.source_system,
        accounts.source_instance,
        accounts.source_object,
        accounts.survivor_record_id as source_record_id
    from accounts
    left join accounts as survivors on accounts.survivor_record_key = survivors.record_key
    where accounts.survivor_record_key is not null and survivors.record_key is null

),

records as (

    select
        accounts.record_key,
        accounts.source_system,
        accounts.source_instance,
        accounts.source_object,
        accounts.source_record_id,
        accounts.created_at,
        merges.record_key is not null as is_merged_away,
        missing_survivors.record_key is not null as is_survivor_missing,
        true as is_landed,
        -- A merge marks the losing record as deleted. Where the merge does not stand (a reviewed split) or the survivor
        -- is not landed, the record itself still speaks for a living company.
        not accounts.is_deleted
        or (accounts.survivor_record_key is not null and merges.record_key is null)
        or missing_survivors.record_key is not null as is_live
    from accounts
    left join merges on accounts.record_key = merges.record_key
    left join missing_survivors on accounts.survivor_record_key = missing_survivors.record_key
    union all
    select
        record_key,
        source_system,
        source_instance,
        source_object,
        source_record_id,
        cast(null as {{ dbt.type_timestamp() }}) as created_at,
        false as is_merged_away,
        false as is_survivor_missing,
        false as is_landed,
        false as is_live
    from missing_survivors

)

select
    ---------- ids
    records.record_key,
    coalesce(components.component_key, records.record_key) as component_key,
    records.source_record_id,

    ---------- strings
    records.source_object,

    ---------- booleans
    records.is_landed,
    records.is_live,
    records.is_merged_away,
    records.is_survivor_missing,

    ---------- timestamps
    records.created_at,

    ---------- metadata
    records.source_system,
    records.source_instance
from records
left join components on records.record_key = components.record_key
