-- Versions of an opportunity follow each other without overlap or gap, from the first to the one that holds now.
with

versions as (

    select
        opportunity_key, version_number, valid_from_at, valid_to_at,
        row_number() over (partition by opportunity_key order by valid_from_at) as place,
        lead(valid_from_at) over (partition by opportunity_key order by valid_from_at) as next_valid_from_at
    from {{ ref('fct_opportunity_versions') }}

)

select *
from versions
where version_number <> place
    or valid_to_at is distinct from next_valid_from_at
    or valid_to_at <= valid_from_at
