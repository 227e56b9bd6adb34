-- Accounts on which two sides of a term differ.
with

judged as (

    select accounts.*, as_of.as_of_date
    from {{ ref('dim_accounts') }} as accounts
    cross join {{ ref('as_of') }} as as_of

),

disagreements as (
    {{ definition_disagreements(sides_of_account('judged', as_of='judged.as_of_date'), 'judged', 'account_key') }}

)

select
    ---------- ids
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
