-- Versions of a person follow each other without overlap or gap, and each person of `dim_people` has exactly one that holds now.
with

versions as (

    select
        person_key, version_number, valid_from_at, valid_to_at,
        row_number() over (partition by person_key order by valid_from_at) as place,
        lead(valid_from_at) over (partition by person_key order by valid_from_at) as next_valid_from_at
    from {{ ref('fct_person_versions') }}

),

current_versions as (

    select person_key, count(*) as current_count
    from {{ ref('fct_person_versions') }}
    where is_current
    group by person_key

)

select person_key, version_number, 'does not follow the one before' as what_is_wrong
from versions
where version_number <> place
    or valid_to_at is distinct from next_valid_from_at
    or valid_to_at <= valid_from_at

union all

select
    coalesce(people.person_key, current_versions.person_key) as person_key,
    null as version_number,
    'has not exactly one current version' as what_is_wrong
from {{ ref('dim_people') }} as people
full outer join current_versions on people.person_key = current_versions.person_key
where people.person_key is null
    or coalesce(current_versions.current_count, 0) <> 1
