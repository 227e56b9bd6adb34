-- Where each account that has a parent stands in its family.
{% set rounds = 8 %}
with

parents as (

    select * from {{ ref("int_account_parents") }} where parent_account_key is not null

),

above_0 as {{ stored() }} (

    select
        account_key,
        parent_account_key as ancestor_key,
        1 as hierarchy_depth
    from parents

),
{% for round in range(1, rounds + 1) %}
above_{{ round }} as {{ stored() }} (

    select
        nearer.account_key,
        coalesce(farther.ancestor_key, nearer.ancestor_key) as ancestor_key,
        nearer.hierarchy_depth + coalesce(farther.hierarchy_depth, 0) as hierarchy_depth
    from above_{{ round - 1 }} as nearer
    left join above_{{ round - 1 }} as farther on nearer.ancestor_key = farther.account_key

),
{% endfor %}
reached as (

    select
        account_key,
        ancestor_key,
        hierarchy_depth
    from above_{{ rounds }}

)

select
    ---------- ids
    reached.account_key,
    parents.parent_account_key,
    reached.ancestor_key as ultimate_parent_account_key,

    ---------- numerics
    reached.hierarchy_depth
from reached
inner join parents on reached.account_key = parents.account_key
