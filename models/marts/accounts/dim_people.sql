-- People outside the company, without anything that names them: names, addresses and numbers stay in the sources.
with

people as (

    select person_key from {{ ref("int_person_keys") }}
    union distinct
    select person_key from {{ ref("int_participant_keys") }}

),

states as (

    select * from {{ ref("int_person_states") }}

),

conversations as (

    select * from {{ ref("int_person_conversations") }}

),

accounts as (

    select * from {{ ref("int_person_accounts") }}

),

evidence as (

    select * from {{ ref("match_evidence") }} where entity = 'person_account'

),

titles as (

    select * from {{ ref("int_job_titles") }}

)

select
    ---------- ids
    people.person_key,
    accounts.account_key,
    states.owner_user_key,

    ---------- strings
    accounts.evidence as account_evidence,
    titles.seniority,
    titles.department,
    states.lead_source,
    states.lead_status,
    states.country_code,

    ---------- numerics
    cast(evidence.confidence as {{ type_decimal(3, 2) }}) as account_confidence,
    states.lead_score,
    coalesce(states.record_count, 0) + coalesce(conversations.conversation_record_count, 0) as record_count,

    ---------- booleans
    coalesce(states.is_opted_out, false) as is_opted_out,
    coalesce(states.is_converted, false) as is_converted,
    coalesce(states.is_deleted and conversations.person_key is null, false) as is_deleted,
    coalesce(accounts.is_domain_ambiguous, false) as is_account_ambiguous,
    coalesce(states.has_crm_contact, false) as has_crm_contact,
    coalesce(states.has_crm_lead, false) as has_crm_lead,
    coalesce(states.has_marketing_record, false) as has_marketing_record,
    conversations.person_key is not null as has_conversation_record,

    ---------- dates
    states.converted_date,

    ---------- timestamps
    case
        when states.first_seen_at is null then conversations.first_seen_at
        when conversations.first_seen_at < states.first_seen_at then conversations.first_seen_at
        else states.first_seen_at
    end as first_seen_at
from people
left join states on people.person_key = states.person_key
left join conversations on people.person_key = conversations.person_key
left join accounts on people.person_key = accounts.person_key
left join evidence on accounts.evidence = evidence.evidence
left join titles on lower(coalesce(states.job_title, conversations.job_title)) = titles.job_title
