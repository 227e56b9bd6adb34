{{ config(materialized="view") }}

-- Who on a call is a colleague and who is from outside, decided here alone. A colleague is told by seat, by the address of
-- a colleague's seat in any system, or by affiliation; an outside person by affiliation.
with

participants as (

    select * from {{ ref("stg_gong__call_participants") }}

),

users as (

    select distinct email_address
    from {{ ref("int_users_unioned") }}
    where email_address is not null

)

select
    ---------- ids
    participants.call_id,
    participants.participant_id,

    ---------- strings
    case
        when participants.user_id is not null then 'company'
        when users.email_address is not null then 'company'
        when lower(participants.affiliation) in ('internal', 'company') then 'company'
        when lower(participants.affiliation) in ('external', 'noncompany', 'non-company') then 'buyer'
        else 'unknown'
    end as side,

    ---------- metadata
    participants.source_instance
from participants
left join users on lower(participants.email_address) = users.email_address
