-- Which person each record is, by which evidence, and how sure that is.
with

people as (

    select
        record_key,
        person_key,
        source_record_id,
        source_object,
        evidence,
        is_landed,
        is_live,
        is_merged_away,
        source_system,
        source_instance
    from {{ ref("int_person_keys") }}
    union all
    select
        record_key,
        person_key,
        source_record_id,
        'participant' as source_object,
        evidence,
        true as is_landed,
        true as is_live,
        false as is_merged_away,
        source_system,
        source_instance
    from {{ ref("int_participant_keys") }}

),

evidence as (

    select * from {{ ref("match_evidence") }} where entity = 'person'

)

select
    ---------- ids
    people.record_key,
    people.person_key,
    people.source_record_id,

    ---------- strings
    people.source_object,
    people.evidence,

    ---------- numerics
    cast(evidence.confidence as {{ type_decimal(3, 2) }}) as confidence,

    ---------- booleans
    people.is_landed,
    people.is_live,
    people.is_merged_away,

    ---------- metadata
    people.source_system,
    people.source_instance
from people
left join evidence on people.evidence = evidence.evidence
