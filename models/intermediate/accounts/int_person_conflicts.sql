-- Pairs of live records that hold one personal address and are not one person: of each address, each person's first
-- record is paired with that of the first person.
with

records as (

    select
        person_key,
        matching_email,
        min(record_key) as record_key
    from {{ ref("int_person_keys") }}
    where matching_email is not null
    group by person_key, matching_email

),

numbered as (

    select
        person_key,
        record_key,
        matching_email,
        row_number() over (partition by matching_email order by person_key) as holder_number,
        count(*) over (partition by matching_email) as holder_count
    from records

)

select distinct
    ---------- ids
    holders.person_key as left_person_key,
    others.person_key as right_person_key,

    ---------- numerics
    max(holders.holder_count) as holder_count
from numbered as holders
inner join numbered as others on holders.matching_email = others.matching_email and holders.holder_number < others.holder_number
where holders.holder_number = 1 or holders.holder_count <= 25
group by holders.person_key, others.person_key
