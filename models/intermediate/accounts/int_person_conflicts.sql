-- Pairs of people who hold one personal address and are not one person. Of an address that very many hold, each is
-- paired with the first only.
{% set most_paired = 25 %}
with

holders as (

    select person_key, matching_email
    from {{ ref("int_person_keys") }}
    where matching_email is not null
    union distinct
    select person_key, matching_email
    from {{ ref("int_participant_keys") }}
    where matching_email is not null

),

numbered as (

    select
        person_key,
        matching_email,
        row_number() over (partition by matching_email order by person_key) as holder_number,
        count(*) over (partition by matching_email) as holder_count
    from holders

)

select
    ---------- ids
    holders.person_key as left_person_key,
    others.person_key as right_person_key,

    ---------- numerics
    max(holders.holder_count) as holder_count
from numbered as holders
inner join numbered as others
    on holders.matching_email = others.matching_email
        and holders.holder_number < others.holder_number
where holders.holder_number = 1 or holders.holder_count <= {{ most_paired }}
group by holders.person_key, others.person_key
