-- Deliveries and bounces carry no id of the sending that they belong to. Lead, e-mail and run of the smart campaign
-- are the nearest to one; what is on record about each tells which rows speak of the same e-mail. Nearly all were sent and
-- delivered; only the others are here: what was delivered without a sending on record, and what bounced and never arrived.
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
    max(delivered) = 1 as has_delivery
from emails
where lead_id is not null
group by source_instance, lead_id, email_run
having (max(delivered) = 1 and max(sent) = 0)
    or (max(bounced) = 1 and max(delivered) = 0)
