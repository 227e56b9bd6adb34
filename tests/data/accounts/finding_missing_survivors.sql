-- Records merged into one that is not in the raw data: they keep speaking for themselves until the survivor is landed.
{{ config(error_if=finding_ceiling("missing_survivors")) }}
with

merged as (

    select record_key, is_survivor_missing, count(*) over () as population
    from {{ ref("map_accounts") }}
    where is_merged_away
        or is_survivor_missing

)

select record_key, population
from merged
where is_survivor_missing
