with

listed_stages as (

    select * from {{ ref('stg_salesforce__opportunity_stages') }}

),

opportunities as (

    select * from {{ ref('stg_salesforce__opportunities') }}

),

stage_map as (

    select * from {{ ref('stage_map') }}

),

-- an opportunity holds the stage's API name; reports and imports often hold its label: both resolve, a decision by hand first
candidates as (

    select
        source_system, source_instance, lower(stage_name) as stage_match, stage_category, sort_order,
        'override' as evidence, 1 as preference, stage_name as tie
    from stage_map
    union all
    select
        source_system, source_instance, lower(stage_api_name) as stage_match,
        {{ stage_category('listed_stages') }} as stage_category, sort_order,
        'stage list' as evidence, 2 + {{ stage_penalty('listed_stages') }} as preference, opportunity_stage_id as tie
    from listed_stages
    where stage_api_name is not null
    union all
    select
        source_system, source_instance, lower(stage_name) as stage_match,
        {{ stage_category('listed_stages') }} as stage_category, sort_order,
        'stage list' as evidence, 3 + {{ stage_penalty('listed_stages') }} as preference, opportunity_stage_id as tie
    from listed_stages
    where stage_name is not null
    union all
    -- an instance without a stage list: the flags on its opportunities say it, where they agree
    select
        source_system, source_instance, lower(stage_name) as stage_match,
        max({{ stage_category('opportunities') }}) as stage_category, cast(null as {{ dbt.type_bigint() }}) as sort_order,
        'opportunity flags' as evidence, 9 as preference, lower(stage_name) as tie
    from opportunities
    where stage_name is not null
        and not exists (
            select 1
            from listed_stages
            where listed_stages.source_system = opportunities.source_system
                and listed_stages.source_instance = opportunities.source_instance
        )
    group by source_system, source_instance, lower(stage_name)
    having count(distinct {{ stage_category('opportunities') }}) = 1

),

ranked as (

    select
        source_system, source_instance, stage_match, stage_category, evidence,
        -- a decision about the meaning leaves the CRM's order alone
        coalesce(sort_order, min(case when evidence = 'stage list' then sort_order end) over (
            partition by source_system, source_instance, stage_match
        )) as sort_order,
        row_number() over (
            partition by source_system, source_instance, stage_match
            order by preference, tie, stage_category, evidence, sort_order
        ) as preference_rank
    from candidates
    where stage_category is not null

)

select
    ---------- ids
    source_system,
    source_instance,
    stage_match,

    ---------- strings
    stage_category,
    evidence,

    ---------- numerics
    sort_order
from ranked
where preference_rank = 1
