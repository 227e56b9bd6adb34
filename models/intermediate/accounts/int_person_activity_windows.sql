-- What a person did shortly before a version began; for the current version, up to the end of the as-of date. Each activity
-- adds one when it happens and takes it away when the window has passed it, so that one running sum counts a window.
{%- set counts = {'visits_7d': ('web_visited', 7), 'form_fills_30d': ('form_filled', 30)} %}
with

versions as (

    select * from {{ ref("int_person_versions") }}

),

as_of as (

    select * from {{ ref("as_of") }}

),

activities as (

    select person_key, engagement_type, occurred_at
    from {{ ref("int_engagements_classified") }}
    where exclusion_reason is null
        and person_key is not null
        and engagement_type in ({% for engagement_type, _ in counts.values() %}'{{ engagement_type }}'{{ ', ' if not loop.last }}{% endfor %})

),

steps as (

    {%- for name, (engagement_type, days) in counts.items() %}
    select
        person_key, occurred_at as step_at,
        {%- for other in counts %} {{ 1 if other == name else 0 }} as {{ other }}{{ ',' if not loop.last }}{% endfor %}
    from activities
    where engagement_type = '{{ engagement_type }}'
    union all
    select
        person_key, {{ dbt.dateadd('day', days, 'occurred_at') }} as step_at,
        {%- for other in counts %} {{ -1 if other == name else 0 }} as {{ other }}{{ ',' if not loop.last }}{% endfor %}
    from activities
    where engagement_type = '{{ engagement_type }}'
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

moments as (

    select
        person_key, step_at, 0 as moment_rank, cast(null as {{ dbt.type_bigint() }}) as version_number,
        {%- for name in counts %} sum({{ name }}) as {{ name }}{{ ',' if not loop.last }}{% endfor %}
    from steps
    group by person_key, step_at
    union all
    -- after all steps of its moment: what happens in the same second was seen
    select
        versions.person_key,
        case when versions.valid_to_at is null then cast({{ dbt.dateadd('day', 1, 'as_of.as_of_date') }} as {{ dbt.type_timestamp() }}) else versions.valid_from_at end as step_at,
        1 as moment_rank, versions.version_number,
        {%- for name in counts %} 0 as {{ name }}{{ ',' if not loop.last }}{% endfor %}
    from versions
    cross join as_of

),

summed as (

    select
        person_key,
        version_number,
        {%- for name in counts %}
        sum({{ name }}) over (partition by person_key order by step_at, moment_rank range between unbounded preceding and current row) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from moments

)

select
    ---------- ids
    person_key,

    ---------- numerics
    version_number{% for name in counts %},
    cast({{ name }} as {{ dbt.type_bigint() }}) as {{ name }}
    {%- endfor %}
from summed
where version_number is not null
