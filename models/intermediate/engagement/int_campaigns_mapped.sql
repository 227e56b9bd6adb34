-- CRM campaigns and marketing programs that are one: a program names the CRM campaign that it syncs with. The key is the
-- record key of the member created first, then the smallest. Deleted campaigns are left out: a touch of one has no campaign.
with

campaigns as (

    select * from {{ ref('stg_salesforce__campaigns') }} where not is_deleted

),

members as (

    select
        source_system,
        source_instance,
        'campaign' as source_object,
        campaign_id as source_record_id,
        source_instance as crm_instance,
        campaign_id as crm_campaign_id,
        {{ record_key('source_system', 'source_instance', "'campaign:' || campaign_id") }} as record_key,
        created_at
    from campaigns
    union all
    select
        programs.source_system,
        programs.source_instance,
        'program' as source_object,
        programs.program_id as source_record_id,
        campaigns.source_instance as crm_instance,
        campaigns.campaign_id as crm_campaign_id,
        {{ record_key('programs.source_system', 'programs.source_instance', "'program:' || programs.program_id") }} as record_key,
        programs.created_at
    from {{ ref('stg_marketo__programs') }} as programs
    left join {{ ref('int_crm_ids') }} as crm_ids
        on programs.crm_campaign_id = crm_ids.source_record_id
    left join campaigns
        on programs.crm_campaign_id = campaigns.campaign_id
        and coalesce(crm_ids.source_instance, programs.source_instance) = campaigns.source_instance
    where not programs.is_deleted

)

select
    source_system,
    source_instance,
    source_object,
    source_record_id,
    record_key,
    case
        when crm_campaign_id is null then record_key
        else first_value(record_key) over (
            partition by crm_instance, crm_campaign_id
            order by created_at nulls last, record_key
        )
    end as campaign_key
from members
