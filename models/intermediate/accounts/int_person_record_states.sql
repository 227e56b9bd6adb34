-- What each CRM and marketing record of a person says now, with the person it is and the colleague behind its owner. Records
-- that are known only because they were merged say nothing now, but have a past.
with

person_keys as (

    select * from {{ ref("int_person_keys") }}

),

people as (

    select * from {{ ref("int_people_unioned") }}

),

crm_ids as (

    select * from {{ ref("int_crm_ids") }}

),

users as (

    select * from {{ ref("int_users_mapped") }} where source_system = 'salesforce'

)

select
    ---------- ids
    person_keys.record_key,
    person_keys.person_key,
    person_keys.source_record_id,
    users.user_key as owner_user_key,

    ---------- strings
    person_keys.source_object,
    people.email_host,
    people.job_title,
    people.lead_source,
    people.lead_status,
    people.rejection_reason,
    people.country_code,
    people.industry,

    ---------- numerics
    -- contacts before leads of the CRM before leads of marketing automation
    case
        when person_keys.source_object = 'contact' then 1
        when person_keys.source_system = 'salesforce' then 2
        else 3
    end as kind,
    people.lead_score,
    people.employee_count,

    ---------- booleans
    person_keys.is_landed,
    person_keys.is_live,
    coalesce(people.is_converted, false) as is_converted,
    coalesce(people.is_opted_out, false) as is_opted_out,

    ---------- dates
    people.converted_date,

    ---------- timestamps
    people.created_at,
    people.modified_at,

    ---------- metadata
    person_keys.source_system,
    person_keys.source_instance
from person_keys
left join people on person_keys.record_key = people.record_key
left join crm_ids
    -- one equality: a condition on the left side alone would have every pair of records compared
    on case when people.source_system <> 'salesforce' then people.owner_user_id end = crm_ids.source_record_id
left join users
    on people.owner_user_id = users.source_record_id
        and coalesce(crm_ids.source_instance, people.source_instance) = users.source_instance
