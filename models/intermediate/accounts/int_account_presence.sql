-- In which systems other than the CRM an account is seen: through its people, or as the account of a call.
with

person_accounts as (

    select * from {{ ref("int_person_accounts") }} where account_key is not null

),

accounts as (

    select * from {{ ref("int_account_keys") }}

),

seen as (

    select
        person_accounts.account_key,
        max(case when person_states.has_marketing_record then 1 else 0 end) as has_marketing_record,
        max(case when person_conversations.person_key is not null then 1 else 0 end) as has_conversation_record,
        count(*) as person_count
    from person_accounts
    left join {{ ref("int_person_states") }} as person_states on person_accounts.person_key = person_states.person_key
    left join {{ ref("int_person_conversations") }} as person_conversations
        on person_accounts.person_key = person_conversations.person_key
    group by person_accounts.account_key
    union all
    select distinct
        accounts.account_key,
        0 as has_marketing_record,
        1 as has_conversation_record,
        0 as person_count
    from {{ ref("stg_gong__call_crm_links") }} as links
    left join {{ ref("int_crm_ids") }} as crm_ids on links.object_id = crm_ids.source_record_id
    inner join accounts
        on links.object_id = accounts.source_record_id
            and coalesce(crm_ids.source_instance, links.source_instance) = accounts.source_instance
    where lower(links.object_type) = 'account' and not links.is_deleted

)

select
    ---------- ids
    account_key,

    ---------- numerics
    sum(person_count) as person_count,

    ---------- booleans
    max(has_marketing_record) = 1 as has_marketing_record,
    max(has_conversation_record) = 1 as has_conversation_record
from seen
group by account_key
