-- The team of each seat: the first rule of `user_team_rules` that its title, role or department meets.
with

users as (

    select * from {{ ref("int_users_unioned") }}

),

attributes as (

    select record_key, 'job_title' as attribute, lower(job_title) as stated from users where job_title is not null
    union all
    select record_key, 'role_name' as attribute, lower(role_name) as stated from users where role_name is not null
    union all
    select record_key, 'department' as attribute, lower(department) as stated from users where department is not null

),

met_rules as (

    select
        attributes.record_key,
        rules.team,
        row_number() over (partition by attributes.record_key order by rules.priority, rules.team) as rule_order
    from attributes
    inner join {{ ref("user_team_rules") }} as rules
        on attributes.attribute = rules.attribute and attributes.stated like rules.pattern

)

select
    ---------- ids
    record_key,

    ---------- strings
    team
from met_rules
where rule_order = 1
