-- Which account each record is, by which evidence, and how sure that is.
with

records as (

    select * from {{ ref("int_account_keys") }}

),

evidence as (

    select * from {{ ref("match_evidence") }} where entity = 'account'

)

select
    ---------- ids
    records.record_key,
    records.account_key,
    records.source_record_id,

    ---------- strings
    records.source_object,
    records.evidence,

    ---------- numerics
    cast(evidence.confidence as {{ type_decimal(3, 2) }}) as confidence,

    ---------- booleans
    records.is_landed,
    records.is_live,
    records.is_merged_away,
    records.is_survivor_missing,

    ---------- metadata
    records.source_system,
    records.source_instance
from records
left join evidence on records.evidence = evidence.evidence
