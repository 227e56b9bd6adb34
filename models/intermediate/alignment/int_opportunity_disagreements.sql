-- Opportunities on which two sides of a term differ; deleted ones too, because a tool may still count them.
with

judged as (

    select opportunities.*, as_of.as_of_date
    from {{ ref('int_opportunities_resolved') }} as opportunities
    cross join {{ ref('as_of') }} as as_of

),

disagreements as (
    {{ definition_disagreements(sides_of_opportunity('judged', as_of='judged.as_of_date'), 'judged', 'opportunity_key') }}

)

select
    ---------- ids
    opportunity_key,
    account_key,

    ---------- strings
    term,
    first_side,
    second_side,
    yes_side,
    yes_team,
    no_side,
    no_team,
    unmet_criteria,

    ---------- numerics
    version
from disagreements
