-- Own domains of each living company that merges and reviewed decisions have settled: `is_current` for the website of
-- a live record, else a former one: of a record merged away, or named by the tracked history.
with

records as (

    select * from {{ ref("int_account_records") }}

),

living as (

    select distinct component_key
    from records
    where is_live

),

hosts as (

    select
        record_key,
        website_host,
        1 as is_on_record
    from {{ ref("int_accounts_unioned") }}
    where website_host is not null
    union all
    select
        record_key,
        website_host,
        0 as is_on_record
    from {{ ref("int_account_former_hosts") }}

)

select
    ---------- ids
    records.component_key,

    ---------- strings
    domains.own_domain,

    ---------- booleans
    max(case when records.is_live and not records.is_merged_away then hosts.is_on_record else 0 end) = 1 as is_current,

    ---------- metadata
    records.source_system,
    records.source_instance
from hosts
inner join records on hosts.record_key = records.record_key
inner join living on records.component_key = living.component_key
inner join {{ ref("int_domains") }} as domains on hosts.website_host = domains.host
where domains.own_domain is not null
group by records.component_key, domains.own_domain, records.source_system, records.source_instance
