-- What says that two records are one person, apart from their addresses: merges, conversions, ids of one system held
-- by another, reviewed decisions. A reviewed split takes claims back, see `standing_claims`.
with

overrides as (

    select * from {{ ref("int_match_overrides") }} where entity = 'person'

),

splits as (

    select distinct record_key, other_record_key
    from overrides
    where action = 'split'

),

marketo as (

    select * from {{ ref("int_marketo__people") }}

),

crm_ids as (

    select * from {{ ref("int_crm_ids") }}

),

foreign_ids as (

    select record_key, source_instance, crm_contact_id as crm_record_id
    from marketo
    where crm_contact_id is not null
    union all
    select record_key, source_instance, crm_lead_id as crm_record_id
    from marketo
    where crm_lead_id is not null

),

claims as (

    select record_key, survivor_record_key as other_record_key, 'merge' as evidence
    from {{ ref("int_salesforce__people") }}
    where survivor_record_key is not null
    union all
    select record_key, survivor_record_key, 'merge'
    from {{ ref("int_marketo__lead_merges") }}
    union all
    select record_key, converted_record_key, 'conversion'
    from {{ ref("int_salesforce__people") }}
    where converted_record_key is not null
    union all
    select
        foreign_ids.record_key,
        {{ record_key("'salesforce'", "coalesce(crm_ids.source_instance, foreign_ids.source_instance)", "foreign_ids.crm_record_id") }},
        'foreign_id'
    from foreign_ids
    left join crm_ids on foreign_ids.crm_record_id = crm_ids.source_record_id

),

{{ standing_claims("claims", "splits") }}

select
    ---------- ids
    record_key,
    other_record_key,

    ---------- strings
    evidence
from standing
where record_key <> other_record_key
union all
select distinct
    record_key,
    other_record_key,
    'override' as evidence
from overrides
where action = 'merge'
