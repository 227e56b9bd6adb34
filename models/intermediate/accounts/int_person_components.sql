-- Records that merges, conversions, foreign ids and reviewed decisions make one person: each record that has a link,
-- and its component.
with

links as (

    select * from {{ ref("int_person_links") }}

),

{{ connected_components("links", "record_key", "other_record_key") }}

select
    ---------- ids
    node_key as record_key,
    component_key
from components
