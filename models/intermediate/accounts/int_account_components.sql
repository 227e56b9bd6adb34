-- Account records that merges and reviewed decisions make one: each record that has a link, and its component.
with

links as (

    select * from {{ ref("int_account_links") }}

),

{{ connected_components("links", "record_key", "other_record_key") }}

select
    ---------- ids
    node_key as record_key,
    component_key
from components
