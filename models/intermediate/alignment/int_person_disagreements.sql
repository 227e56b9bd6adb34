-- People on which two sides of a term differ today, and those whom sales treats otherwise than the signed rule says:
-- rejected though they are marketing qualified, sales accepted though they are not.
{%- set sides = sides_of_person('judged', as_of='judged.as_of_date') %}
{%- set shared = sides | selectattr('term', 'equalto', 'mql') | selectattr('side', 'equalto', 'shared') | first %}
with

judged as (

    select versions.*, as_of.as_of_date
    from {{ ref('fct_person_versions') }} as versions
    cross join {{ ref('as_of') }} as as_of
    where versions.is_current and not versions.is_deleted

),

disagreements as (
    {{ definition_disagreements(sides, 'judged', 'person_key') }}

),

practised as (

    select
        judged.person_key,
        judged.account_key,
        cast({{ shared.version }} as {{ dbt.type_int() }}) as version,
        case when {{ shared.yes }} then 'shared' else 'sales_practice' end as yes_side,
        case when {{ shared.yes }} then 'shared' else 'sales' end as yes_team,
        case when {{ shared.yes }} then 'sales_practice' else 'shared' end as no_side,
        case when {{ shared.yes }} then 'sales' else 'shared' end as no_team,
        case when {{ shared.yes }} then 'rejected' else {{ shared.unmet }} end as unmet_criteria
    from judged
    where ({{ shared.yes }} and judged.sales_response = 'rejected')
        or (not {{ shared.yes }} and {{ is_sal('judged', as_of='judged.as_of_date') }})

)

select
    ---------- ids
    person_key,
    account_key,

    ---------- strings
    term,
    first_side,
    second_side,
    'stated' as basis,
    yes_side,
    yes_team,
    no_side,
    no_team,
    unmet_criteria,

    ---------- numerics
    version
from disagreements

union all

select
    person_key,
    account_key,
    'mql' as term,
    'shared' as first_side,
    'sales_practice' as second_side,
    'practised' as basis,
    yes_side,
    yes_team,
    no_side,
    no_team,
    unmet_criteria,
    version
from practised
