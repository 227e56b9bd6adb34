-- Deliveries and bounces carry no id of the sending that they belong to. Lead, e-mail and run of the smart campaign
-- are the nearest to one; what is on record about each tells which rows speak of the same e-mail.
with

emails as (

    select
        source_instance,
        lead_id,
        {{ marketo_email_run() }} as email_run,
        case when coalesce(lower(action_result), 'succeeded') = 'succeeded' then 1 else 0 end as sent,
        0 as delivered,
        0 as bounced
    from {{ ref('stg_marketo__activity_email_sends') }}
    where not is_deleted
    union all
    select
        source_instance,
        lead_id,
        {{ marketo_email_run() }} as email_run,
        0 as sent,
        1 as delivered,
        0 as bounced
    from {{ ref('stg_marketo__activity_email_deliveries') }}
    where not is_deleted
    union all
    select
        source_instance,
        lead_id,
        {{ marketo_email_run() }} as email_run,
        0 as sent,
        0 as delivered,
        1 as bounced
    from {{ ref('stg_marketo__activity_email_bounces') }}
    where not is_deleted

)

select
    source_instance,
    lead_id,
    email_run,
    max(sent) = 1 as has_sending,
    max(delivered) = 1 as has_delivery,
    max(bounced) = 1 as has_bounce
from emails
group by source_instance, lead_id, email_run
