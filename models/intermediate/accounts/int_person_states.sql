-- What a person's CRM and marketing records say now: per kind of record the live one that was changed last speaks;
-- of the kinds, the contact before the lead before the marketing lead.
with

person_keys as (

    select * from {{ ref("int_person_keys") }} where is_landed

),

people as (

    select
        person_keys.person_key,
        person_keys.is_live,
        case
            when people.source_object = 'contact' then 1
            when people.source_system = 'salesforce' then 2
            else 3
        end as kind,
        people.job_title,
        people.lead_source,
        people.lead_status,
        people.country_code,
        people.lead_score,
        people.is_converted,
        people.is_opted_out,
        people.converted_date,
        people.created_at,
        people.modified_at,
        people.record_key,
        users.user_key as owner_user_key
    from {{ ref("int_people_unioned") }} as people
    inner join person_keys on people.record_key = person_keys.record_key
    left join {{ ref("int_crm_ids") }} as crm_ids
        -- one equality: a condition on the left side alone would have every pair of records compared
        on case when people.source_system <> 'salesforce' then people.owner_user_id end = crm_ids.source_record_id
    left join {{ ref("int_users_mapped") }} as users
        on people.owner_user_id = users.source_record_id
            and coalesce(crm_ids.source_instance, people.source_instance) = users.source_instance
            and users.source_system = 'salesforce'

),

ranked as (

    select
        *,
        row_number() over (
            partition by person_key, kind
            order by case when is_live then 0 else 1 end, modified_at desc nulls last, created_at desc nulls last, record_key
        ) as speaking_order
    from people

)

select
    ---------- ids
    person_key,
    coalesce(
        max(case when kind = 1 and speaking_order = 1 then owner_user_key end),
        max(case when kind = 2 and speaking_order = 1 then owner_user_key end),
        max(case when kind = 3 and speaking_order = 1 then owner_user_key end)
    ) as owner_user_key,
    max(case when kind = 1 and speaking_order = 1 then record_key end) as contact_record_key,
    max(case when kind = 2 and speaking_order = 1 then record_key end) as lead_record_key,

    ---------- strings
    coalesce(
        max(case when kind = 1 and speaking_order = 1 then job_title end),
        max(case when kind = 2 and speaking_order = 1 then job_title end),
        max(case when kind = 3 and speaking_order = 1 then job_title end)
    ) as job_title,
    coalesce(
        max(case when kind = 1 and speaking_order = 1 then country_code end),
        max(case when kind = 2 and speaking_order = 1 then country_code end),
        max(case when kind = 3 and speaking_order = 1 then country_code end)
    ) as country_code,
    coalesce(
        max(case when kind = 2 and speaking_order = 1 then lead_source end),
        max(case when kind = 1 and speaking_order = 1 then lead_source end),
        max(case when kind = 3 and speaking_order = 1 then lead_source end)
    ) as lead_source,
    coalesce(
        max(case when kind = 2 and speaking_order = 1 then lead_status end),
        max(case when kind = 3 and speaking_order = 1 then lead_status end)
    ) as lead_status,

    ---------- numerics
    max(case when kind = 3 and speaking_order = 1 then lead_score end) as lead_score,
    count(*) as record_count,

    ---------- booleans
    max(case when is_live and is_opted_out then 1 else 0 end) = 1 as is_opted_out,
    max(case when is_converted then 1 else 0 end) = 1 as is_converted,
    max(case when is_live then 1 else 0 end) = 0 as is_deleted,
    max(case when kind = 1 then 1 else 0 end) = 1 as has_crm_contact,
    max(case when kind = 2 then 1 else 0 end) = 1 as has_crm_lead,
    max(case when kind = 3 then 1 else 0 end) = 1 as has_marketing_record,

    ---------- dates
    min(converted_date) as converted_date,

    ---------- timestamps
    min(created_at) as first_seen_at
from ranked
group by person_key
