-- The companies' own domains that a person's addresses have.
with

hosts as (

    select
        person_keys.person_key,
        people.email_host
    from {{ ref("int_people_unioned") }} as people
    inner join {{ ref("int_person_keys") }} as person_keys on people.record_key = person_keys.record_key
    where people.email_host is not null
    union distinct
    select
        participant_keys.person_key,
        participants.email_host
    from {{ ref("int_gong__participants") }} as participants
    inner join {{ ref("int_participant_keys") }} as participant_keys on participants.record_key = participant_keys.record_key
    where participants.email_host is not null

)

select distinct
    ---------- ids
    hosts.person_key,

    ---------- strings
    domains.own_domain
from hosts
inner join {{ ref("int_domains") }} as domains on hosts.email_host = domains.host
where domains.own_domain is not null
