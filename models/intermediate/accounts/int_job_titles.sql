-- Seniority and department that each job title tells, by the first of `job_title_rules` that it meets.
with

titles as (

    select lower(job_title) as job_title from {{ ref("int_people_unioned") }} where job_title is not null
    union distinct
    select lower(job_title) as job_title from {{ ref("int_gong__participants") }} where job_title is not null

),

met_rules as (

    select
        titles.job_title,
        rules.attribute,
        rules.value,
        row_number() over (partition by titles.job_title, rules.attribute order by rules.priority) as rule_order
    from titles
    inner join {{ ref("job_title_rules") }} as rules on titles.job_title like rules.pattern

)

select
    ---------- strings
    job_title,
    max(case when attribute = 'seniority' then value end) as seniority,
    max(case when attribute = 'department' then value end) as department
from met_rules
where rule_order = 1
group by job_title
