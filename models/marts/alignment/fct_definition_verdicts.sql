-- Proved when the definitions are built, for every row that can exist; the marts only tell it.
select
    ---------- ids
    term,
    cast(version as {{ dbt.type_int() }}) as version,
    variant,

    ---------- strings
    team,
    variant_name,
    verdict,
    expected_verdict,
    stance,
    cast(reason as {{ dbt.type_string() }}) as reason,
    cast(assumptions as {{ dbt.type_string() }}) as assumptions,
    cast(counterexamples as {{ dbt.type_string() }}) as counterexamples,
    cast(criteria as {{ dbt.type_string() }}) as criteria,
    cast(added_criteria as {{ dbt.type_string() }}) as added_criteria,
    cast(not_seen as {{ dbt.type_string() }}) as not_seen,
    source_kind,
    source_file,

    ---------- booleans
    is_as_expected,
    is_only_on_null,
    is_partial,

    ---------- dates
    source_read_on as source_read_date,
    expires_on as expires_date
from {{ ref('definition_verdicts') }}
