-- What each host of a website or an address says about a company: its registrable domain by the public-suffix rules,
-- and whether that domain is a company's own. Free mail and hosts that many share are nobody's own.
with

hosts as (

    select website_host as host from {{ ref("int_accounts_unioned") }}
    union distinct
    select website_host as host from {{ ref("int_account_former_hosts") }}
    union distinct
    select email_host as host from {{ ref("int_people_unioned") }}
    union distinct
    select email_host as host from {{ ref("int_gong__participants") }}

),

-- A host name has a letter and at least two labels; addresses in numbers and names of machines are left out.
parents_0 as (

    select
        host,
        case when host like '%.' then substring(host, 1, length(host) - 1) else host end as parent_0
    from hosts
    where host like '%_._%' and host not like '%..%' and lower(host) <> upper(host)

),
{% for level in range(1, 9) %}
parents_{{ level }} as (

    select
        *,
        {{ parent_host("parent_" ~ (level - 1)) }} as parent_{{ level }}
    from parents_{{ level - 1 }}

),
{% endfor %}
rules as (

    select * from {{ ref("public_suffixes") }}

),

-- Each rule that a host meets, with how far above the host its public suffix stands (0: the host itself).
met_rules as (
    {% for level in range(7) %}
    select
        parents.host,
        rules.section,
        case when rules.rule_type = 'exception' then 0 else 1 end as rule_order,
        {{ level }} + case rules.rule_type when 'wildcard' then -1 when 'exception' then 1 else 0 end as suffix_level
    from parents_8 as parents
    inner join rules on parents.parent_{{ level }} = rules.suffix
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- An exception wins, else the longest suffix; a rule that is met more than once ends the same.
suffixes as (

    select
        host,
        min(case when section = 'icann' then rule_order * 100 + suffix_level end) as icann_suffix,
        max(case when section = 'private' and rule_order = 1 then 1 else 0 end) as has_private_rule
    from met_rules
    where suffix_level >= 0
    group by host

),

registrable as (

    select
        parents.host,
        coalesce(suffixes.has_private_rule, 0) = 1 as is_under_private_suffix,
        case
            {% for level in range(8) %}
            when {{ "suffixes.icann_suffix in (" ~ level ~ ", " ~ (100 + level) ~ ")" }}
                then {{ "parents.parent_" ~ (level - 1) if level else "cast(null as " ~ dbt.type_string() ~ ")" }}
            {% endfor %}
            {% for level in range(7) %}
            when suffixes.icann_suffix is null and parents.parent_{{ level + 1 }} is not null and parents.parent_{{ level + 2 }} is null
                then parents.parent_{{ level }}
            {% endfor %}
        end as registrable_domain
    from parents_8 as parents
    left join suffixes on parents.host = suffixes.host

)

select
    ---------- strings
    registrable.host,
    registrable.registrable_domain,
    case
        when registrable.registrable_domain is null then 'no_domain'
        when free_mail.domain is not null then 'free_mail'
        when registrable.is_under_private_suffix or shared_hosts.domain is not null or shared_names.domain is not null
            then 'shared_host'
        else 'own'
    end as domain_kind,
    case
        when free_mail.domain is null
            and not registrable.is_under_private_suffix
            and shared_hosts.domain is null
            and shared_names.domain is null
            then registrable.registrable_domain
    end as own_domain
from registrable
left join {{ ref("free_mail_domains") }} as free_mail on registrable.registrable_domain = free_mail.domain
left join {{ ref("shared_host_domains") }} as shared_hosts on registrable.registrable_domain = shared_hosts.domain
left join {{ ref("shared_host_domains") }} as shared_names
    on registrable.host = shared_names.domain and shared_names.domain <> coalesce(shared_hosts.domain, '')
