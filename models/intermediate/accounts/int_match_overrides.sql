-- Reviewed decisions as pairs of record keys: `merge` links the two records, `split` takes back what links them.
with

overrides as (

    select * from {{ ref("match_overrides") }}

),

normalised as (

    select
        entity,
        action,
        reason,
        decided_on,
        source_system,
        source_instance,
        other_source_system,
        other_source_instance,
        case
            when source_system = 'salesforce' then {{ salesforce_id('source_record_id') }}
            else {{ text('source_record_id') }}
        end as source_record_id,
        case
            when other_source_system = 'salesforce' then {{ salesforce_id('other_source_record_id') }}
            else {{ text('other_source_record_id') }}
        end as other_source_record_id
    from overrides

)

select
    ---------- ids
    {{ record_key('source_system', 'source_instance', 'source_record_id') }} as record_key,
    {{ record_key('other_source_system', 'other_source_instance', 'other_source_record_id') }} as other_record_key,

    ---------- strings
    entity,
    action,
    reason,

    ---------- dates
    decided_on
from normalised
