-- Which living accounts a domain belongs to. A domain that accounts have today is theirs; only one that none has today
-- is a former domain's owner's.
with

domains as (

    select * from {{ ref("int_account_domains") }}

),

keys as (

    select distinct component_key, account_key
    from {{ ref("int_account_keys") }}

),

owned as (

    select
        domains.own_domain,
        keys.account_key,
        max(case when domains.is_current then 1 else 0 end) as is_current
    from domains
    inner join keys on domains.component_key = keys.component_key
    group by domains.own_domain, keys.account_key

),

ranked as (

    select
        own_domain,
        account_key,
        is_current,
        max(is_current) over (partition by own_domain) as is_current_anywhere
    from owned

)

select
    ---------- ids
    account_key,

    ---------- strings
    own_domain,

    ---------- numerics
    count(*) over (partition by own_domain) as owner_count,
    row_number() over (partition by own_domain order by account_key) as owner_number,

    ---------- booleans
    is_current = 1 as is_current
from ranked
where is_current = is_current_anywhere
