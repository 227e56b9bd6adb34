-- What a person's CRM and marketing records say now: per kind of record the live one that was changed last speaks;
-- of the kinds, the contact before the lead before the marketing lead.
with

people as (

    select * from {{ ref("int_person_record_states") }} where is_landed

),

free_mail_domains as (

    select * from {{ ref("free_mail_domains") }}

),

ranked as (

    select
        people.*,
        case when people.email_host is not null then case when free_mail_domains.domain is not null then 1 else 0 end end as free_mail,
        row_number() over (
            partition by people.person_key, people.kind
            order by
                case when people.is_live then 0 else 1 end,
                people.modified_at desc nulls last,
                people.created_at desc nulls last,
                people.record_key
        ) as speaking_order
    from people
    left join free_mail_domains on people.email_host = free_mail_domains.domain

)

select
    ---------- ids
    person_key,
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
        max(case when kind = 2 and speaking_order = 1 then industry end),
        max(case when kind = 3 and speaking_order = 1 then industry end)
    ) as industry,

    ---------- numerics
    coalesce(
        max(case when kind = 2 and speaking_order = 1 then employee_count end),
        max(case when kind = 3 and speaking_order = 1 then employee_count end)
    ) as employee_count,
    count(*) as record_count,

    ---------- booleans
    max(case when is_live then 1 else 0 end) = 0 as is_deleted,
    coalesce(
        max(case when kind = 1 and speaking_order = 1 then free_mail end),
        max(case when kind = 2 and speaking_order = 1 then free_mail end),
        max(case when kind = 3 and speaking_order = 1 then free_mail end)
    ) = 1 as has_free_mail_address,
    max(case when kind = 1 then 1 else 0 end) = 1 as has_crm_contact,
    max(case when kind = 2 then 1 else 0 end) = 1 as has_crm_lead,
    max(case when kind = 3 then 1 else 0 end) = 1 as has_marketing_record,

    ---------- dates
    min(converted_date) as converted_date,

    ---------- timestamps
    min(created_at) as first_seen_at,
    max(modified_at) as last_modified_at
from ranked
group by person_key
