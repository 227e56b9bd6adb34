-- The account of each record: its key is the record key of the landed member that was created first, then the smallest.
with

records as (

    select * from {{ ref("int_account_records") }}

),

joined as (

    select * from {{ ref("int_account_domain_components") }}

),

links as (

    select
        record_key,
        min(case when evidence = 'override' then 1 else 2 end) as evidence_rank
    from {{ ref("int_account_links") }}
    group by record_key

),

grouped as (

    select
        records.*,
        coalesce(joined.joined_component_key, records.component_key) as group_key,
        joined.component_key is not null as is_joined_by_domain,
        links.evidence_rank
    from records
    left join joined on records.component_key = joined.component_key
    left join links on records.record_key = links.record_key

)

select
    ---------- ids
    record_key,
    first_value(record_key) over (
        partition by group_key
        order by case when is_landed then 0 else 1 end, created_at nulls last, record_key
        rows between unbounded preceding and unbounded following
    ) as account_key,
    component_key,
    source_record_id,

    ---------- strings
    source_object,
    case
        when evidence_rank = 1 then 'override'
        when evidence_rank = 2 or not is_landed then 'merge'
        when is_joined_by_domain then 'domain'
        else 'own_record'
    end as evidence,

    ---------- booleans
    is_landed,
    is_live,
    is_merged_away,
    is_survivor_missing,

    ---------- timestamps
    created_at,

    ---------- metadata
    source_system,
    source_instance
from grouped
