-- Marketo leads in the shape that all systems' people share. Leads that an activity says were deleted count as such.
with

leads as (

    select * from {{ ref("stg_marketo__leads") }}

),

deletions as (

    select distinct source_instance, lead_id
    from {{ ref("stg_marketo__activity_lead_deletions") }}
    where lead_id is not null

)

select
    ---------- ids
    {{ record_key('leads.source_system', 'leads.source_instance', 'leads.lead_id') }} as record_key,
    leads.lead_id as source_record_id,
    leads.sfdc_contact_id as crm_contact_id,
    leads.sfdc_lead_id as crm_lead_id,
    leads.sfdc_account_id as account_record_id,
    leads.sfdc_lead_owner_id as owner_user_id,

    ---------- strings
    'lead' as source_object,
    lower(leads.email_address) as email_address,
    leads.job_title,
    leads.original_source_type as lead_source,
    leads.lead_status,
    upper(coalesce(leads.country_code, case when length(leads.country) = 2 then leads.country end)) as country_code,
    leads.industry,

    ---------- numerics
    leads.lead_score,
    leads.employee_count,

    ---------- booleans
    coalesce(leads.is_opted_out, false) as is_opted_out,
    leads.is_deleted or deletions.lead_id is not null as is_deleted,

    ---------- timestamps
    leads.created_at,
    leads.source_updated_at as modified_at,

    ---------- metadata
    leads.source_system,
    leads.source_instance
from leads
left join deletions on leads.source_instance = deletions.source_instance and leads.lead_id = deletions.lead_id
