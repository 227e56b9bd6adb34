-- The catalogue as people read it: what each word means, since when, who answers for it, and who has signed.
select
    ---------- ids
    definitions.term,
    cast(definitions.version as {{ dbt.type_int() }}) as version,

    ---------- strings
    definitions.name,
    definitions.entity,
    definitions.kind,
    definitions.statement,
    definitions.criteria,
    definitions.owner_team,
    definitions.owner_role,
    definitions.required_sign_offs,
    cast(definitions.signed_by as {{ dbt.type_string() }}) as signed_by,
    definitions.sign_off_status,
    cast(definitions.driven_columns as {{ dbt.type_string() }}) as driven_columns,
    cast(definitions.awaited_marts as {{ dbt.type_string() }}) as awaited_marts,
    definitions.meaning,

    ---------- booleans
    -- without any load there is no day
    coalesce(
        as_of.as_of_date >= definitions.effective_from and as_of.as_of_date <= coalesce(definitions.effective_to, as_of.as_of_date),
        false
    ) as is_in_force,

    ---------- dates
    definitions.effective_from,
    definitions.effective_to,
    definitions.next_review as next_review_date
from {{ ref('definitions') }} as definitions
cross join {{ ref('as_of') }} as as_of
