-- The parent of each account, cycles broken: in a ring of parents the account with the smallest key loses its parent.
-- Each round doubles how far up is looked, so that eight rounds see 256 levels; a data test says whether that was enough.
{% set rounds = 8 %}
with

accounts as (

    select * from {{ ref("int_accounts_resolved") }}

),

stated as (

    select
        accounts.account_key,
        accounts.stated_parent_account_key as parent_account_key
    from accounts
    inner join accounts as parents on accounts.stated_parent_account_key = parents.account_key
    where not parents.is_deleted

),

above_0 as {{ stored() }} (

    select
        account_key,
        parent_account_key as ancestor_key,
        account_key as smallest_key
    from stated

),
{% for round in range(1, rounds + 1) %}
above_{{ round }} as {{ stored() }} (

    select
        nearer.account_key,
        farther.ancestor_key,
        least(nearer.smallest_key, farther.smallest_key) as smallest_key
    from above_{{ round - 1 }} as nearer
    inner join above_{{ round - 1 }} as farther on nearer.ancestor_key = farther.account_key

),
{% endfor %}
-- Whoever still has somebody above is in a ring or below one; the ancestor reached is in the ring itself.
ring_starts as (

    select distinct around.smallest_key as account_key
    from above_{{ rounds }} as below
    inner join above_{{ rounds }} as around on below.ancestor_key = around.account_key

)

select
    ---------- ids
    stated.account_key,
    case when ring_starts.account_key is null then stated.parent_account_key end as parent_account_key,

    ---------- booleans
    ring_starts.account_key is not null as is_cycle_broken
from stated
left join ring_starts on stated.account_key = ring_starts.account_key
