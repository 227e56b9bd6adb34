-- Records merged into one that is not in the raw data: they keep speaking for themselves until the survivor is landed.
{{ config(severity="warn") }}
select record_key
from {{ ref("map_accounts") }}
where is_survivor_missing
