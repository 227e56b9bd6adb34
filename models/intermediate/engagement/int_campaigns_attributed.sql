-- One campaign per key with what either side knows about it. The CRM speaks first where it has a record (it holds the
-- budget and the parent); a program gives its channel, and all else where the CRM has none.
with

mapped as (

    select * from {{ ref('int_campaigns_mapped') }}

),

crm as (

    select
        mapped.campaign_key,
        campaigns.*
    from {{ ref('stg_salesforce__campaigns') }} as campaigns
    inner join mapped
        on mapped.source_object = 'campaign'
        and campaigns.source_system = mapped.source_system
        and campaigns.source_instance = mapped.source_instance
        and campaigns.campaign_id = mapped.source_record_id

),

ranked_programs as (

    select
        mapped.campaign_key,
        programs.*,
        count(*) over (partition by mapped.campaign_key) as program_count,
        row_number() over (partition by mapped.campaign_key order by programs.created_at nulls last, mapped.record_key) as program_rank
    from {{ ref('stg_marketo__programs') }} as programs
    inner join mapped
        on mapped.source_object = 'program'
        and programs.source_system = mapped.source_system
        and programs.source_instance = mapped.source_instance
        and programs.program_id = mapped.source_record_id

),

programs as (

    select * from ranked_programs where program_rank = 1

),

keys as (

    select distinct campaign_key from mapped

)

select
    ---------- ids
    keys.campaign_key,
    parents.campaign_key as parent_campaign_key,
    users.user_key as owner_user_key,

    ---------- strings
    coalesce(crm.campaign_name, programs.program_name) as campaign_name,
    coalesce(crm.campaign_type, programs.program_type) as campaign_type,
    programs.program_channel as campaign_channel,
    coalesce(crm.campaign_status, programs.program_status) as campaign_status,
    crm.currency_code,

    ---------- numerics
    crm.budgeted_cost_amount,
    crm.actual_cost_amount,
    coalesce(programs.program_count, 0) as program_count,

    ---------- booleans
    crm.is_active,
    crm.campaign_key is not null as has_crm_record,
    programs.campaign_key is not null as has_marketing_record,

    ---------- dates
    coalesce(crm.start_date, programs.start_date) as start_date,
    coalesce(crm.end_date, programs.end_date) as end_date,

    ---------- timestamps
    case
        when programs.created_at < crm.created_at then programs.created_at
        else coalesce(crm.created_at, programs.created_at)
    end as created_at
from keys
left join crm
    on keys.campaign_key = crm.campaign_key
left join programs
    on keys.campaign_key = programs.campaign_key
left join mapped as parents
    on parents.source_object = 'campaign'
    and crm.source_system = parents.source_system
    and crm.source_instance = parents.source_instance
    and crm.parent_campaign_id = parents.source_record_id
left join {{ ref('int_users_mapped') }} as users
    on crm.source_system = users.source_system
    and crm.source_instance = users.source_instance
    and crm.owner_user_id = users.source_record_id
