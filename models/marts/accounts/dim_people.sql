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

-- what definitions look at has a past: its current version speaks here
current_versions as (

    select * from {{ ref("fct_person_versions") }} where is_current

),

moments as (

    select * from {{ ref("int_person_funnel_moments") }}

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
    current_versions.owner_user_key,

    ---------- strings
    accounts.evidence as account_evidence,
    titles.seniority,
    titles.department,
    states.lead_source,
    current_versions.lead_status,
    current_versions.lifecycle_stage,
    current_versions.sales_response,
    current_versions.rejection_reason,
    states.country_code,

    ---------- numerics
    cast(evidence.confidence as {{ type_decimal(3, 2) }}) as account_confidence,
    current_versions.lead_score,
    coalesce(states.record_count, 0) + coalesce(conversations.conversation_record_count, 0) as record_count,

    ---------- booleans
    coalesce(current_versions.is_opted_out, false) as is_opted_out,
    coalesce(current_versions.is_converted, false) as is_converted,
    coalesce(current_versions.is_deleted, false) as is_deleted,
    coalesce(accounts.is_domain_ambiguous, false) as is_account_ambiguous,
    coalesce(states.has_crm_contact, false) as has_crm_contact,
    coalesce(states.has_crm_lead, false) as has_crm_lead,
    coalesce(states.has_marketing_record, false) as has_marketing_record,
    conversations.person_key is not null as has_conversation_record,
    {{ is_inquiry('current_versions') }} as is_inquiry,
    {{ is_mql('current_versions') }} as is_mql,
    {{ is_sal('current_versions') }} as is_sal,
    {{ is_sql_lead('current_versions') }} as is_sql_lead,

    ---------- dates
    states.converted_date,

    ---------- timestamps
    case
        when states.first_seen_at is null then conversations.first_seen_at
        when conversations.first_seen_at < states.first_seen_at then conversations.first_seen_at
        else states.first_seen_at
    end as first_seen_at,
    moments.became_inquiry_at,
    moments.became_mql_at,
    moments.became_sal_at,
    moments.became_sql_lead_at,
    moments.first_sales_touch_at,
    moments.rejected_at
from people
left join states on people.person_key = states.person_key
left join current_versions on people.person_key = current_versions.person_key
left join moments on people.person_key = moments.person_key
left join conversations on people.person_key = conversations.person_key
left join accounts on people.person_key = accounts.person_key
left join evidence on accounts.evidence = evidence.evidence
left join titles on lower(coalesce(states.job_title, conversations.job_title)) = titles.job_title
