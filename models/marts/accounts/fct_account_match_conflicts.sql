-- Pairs that evidence pulls both ways. None of them is decided here: a reviewed line in `match_overrides`, or a mended
-- record in the source, settles it.
with

conflicts as (

    select
        'shared_domain' as conflict_type,
        left_account_key,
        right_account_key,
        cast(null as {{ dbt.type_bigint() }}) as left_person_key,
        cast(null as {{ dbt.type_bigint() }}) as right_person_key,
        own_domain,
        owner_count as candidate_count
    from {{ ref("int_account_conflicts") }}
    union all
    select
        'shared_address' as conflict_type,
        cast(null as {{ dbt.type_bigint() }}) as left_account_key,
        cast(null as {{ dbt.type_bigint() }}) as right_account_key,
        left_person_key,
        right_person_key,
        cast(null as {{ dbt.type_string() }}) as own_domain,
        holder_count as candidate_count
    from {{ ref("int_person_conflicts") }}
    union all
    select
        conflict_type,
        cast(null as {{ dbt.type_bigint() }}) as left_account_key,
        account_key as right_account_key,
        person_key as left_person_key,
        cast(null as {{ dbt.type_bigint() }}) as right_person_key,
        own_domain,
        owner_count as candidate_count
    from {{ ref("int_person_account_conflicts") }}

),

families as (

    select * from {{ ref("int_account_families") }}

)

select
    ---------- ids
    {{ record_key(
        "conflicts.conflict_type",
        "cast(coalesce(conflicts.left_account_key, conflicts.left_person_key) as " ~ dbt.type_string() ~ ")",
        "cast(coalesce(conflicts.right_account_key, conflicts.right_person_key) as " ~ dbt.type_string() ~ ") || '|' || coalesce(conflicts.own_domain, '')"
    ) }} as conflict_key,
    conflicts.left_account_key,
    conflicts.right_account_key,
    conflicts.left_person_key,
    conflicts.right_person_key,

    ---------- strings
    conflicts.conflict_type,
    conflicts.own_domain,

    ---------- numerics
    conflicts.candidate_count,

    ---------- booleans
    coalesce(left_families.ultimate_parent_account_key, conflicts.left_account_key)
    = coalesce(right_families.ultimate_parent_account_key, conflicts.right_account_key)
    and conflicts.left_account_key is not null as is_same_family
from conflicts
left join families as left_families on conflicts.left_account_key = left_families.account_key
left join families as right_families on conflicts.right_account_key = right_families.account_key
