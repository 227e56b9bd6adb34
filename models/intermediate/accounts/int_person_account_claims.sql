-- The accounts that a person's records name themselves: a contact's account, the account a lead was converted into, the
-- CRM account id that another system holds. `claim_order` 1 is the one that counts: strongest evidence, then a live
-- record before others, then the newest.
with

people as (

    select * from {{ ref("int_people_unioned") }} where account_record_id is not null

),

person_keys as (

    select * from {{ ref("int_person_keys") }}

),

accounts as (

    select * from {{ ref("int_account_keys") }}

),

crm_ids as (

    select * from {{ ref("int_crm_ids") }}

),

claims as (

    select
        person_keys.person_key,
        accounts.account_key,
        case when people.source_object = 'contact' then 'contact_account' else 'converted_account' end as evidence,
        case when people.source_object = 'contact' then 1 else 2 end as evidence_rank,
        case when person_keys.is_live then 0 when person_keys.is_merged_away then 1 else 2 end as record_rank,
        people.created_at as claimed_at,
        people.record_key
    from people
    inner join person_keys on people.record_key = person_keys.record_key
    inner join accounts
        on people.source_system = accounts.source_system
            and people.source_instance = accounts.source_instance
            and people.account_record_id = accounts.source_record_id
    union all
    select
        person_keys.person_key,
        accounts.account_key,
        'foreign_account_id' as evidence,
        3 as evidence_rank,
        case when person_keys.is_live then 0 when person_keys.is_merged_away then 1 else 2 end as record_rank,
        people.created_at as claimed_at,
        people.record_key
    from people
    inner join person_keys on people.record_key = person_keys.record_key
    left join crm_ids on people.account_record_id = crm_ids.source_record_id
    inner join accounts
        on people.account_record_id = accounts.source_record_id
            and coalesce(crm_ids.source_instance, people.source_instance) = accounts.source_instance
    where people.source_system not in (select source_system from accounts)
    union all
    select
        participant_keys.person_key,
        accounts.account_key,
        'foreign_account_id' as evidence,
        3 as evidence_rank,
        1 as record_rank,
        participants.started_at as claimed_at,
        participants.record_key
    from {{ ref("int_gong__participants") }} as participants
    inner join {{ ref("int_participant_keys") }} as participant_keys on participants.record_key = participant_keys.record_key
    left join crm_ids on participants.account_record_id = crm_ids.source_record_id
    inner join accounts
        on participants.account_record_id = accounts.source_record_id
            and coalesce(crm_ids.source_instance, participants.source_instance) = accounts.source_instance

)

select
    ---------- ids
    person_key,
    account_key,
    record_key,

    ---------- strings
    evidence,

    ---------- numerics
    row_number() over (
        partition by person_key
        order by evidence_rank, record_rank, claimed_at desc nulls last, record_key, account_key, evidence
    ) as claim_order
from claims
