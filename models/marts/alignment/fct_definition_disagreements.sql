-- Money of an opportunity stands here once for each pair of sides and record: count each opportunity once.
with

disagreements as (

    select
        'opportunity' as entity,
        opportunity_key as record_key,
        opportunity_key,
        account_key,
        cast(null as {{ dbt.type_bigint() }}) as person_key,
        'stated' as basis,
        term,
        version,
        first_side,
        second_side,
        yes_side,
        yes_team,
        no_side,
        no_team,
        unmet_criteria
    from {{ ref('int_opportunity_disagreements') }}

    union all

    select
        'account' as entity,
        account_key as record_key,
        cast(null as {{ dbt.type_bigint() }}) as opportunity_key,
        account_key,
        cast(null as {{ dbt.type_bigint() }}) as person_key,
        'stated' as basis,
        term,
        version,
        first_side,
        second_side,
        yes_side,
        yes_team,
        no_side,
        no_team,
        unmet_criteria
    from {{ ref('int_account_disagreements') }}

    union all

    select
        'person' as entity,
        person_key as record_key,
        cast(null as {{ dbt.type_bigint() }}) as opportunity_key,
        account_key,
        person_key,
        basis,
        term,
        version,
        first_side,
        second_side,
        yes_side,
        yes_team,
        no_side,
        no_team,
        unmet_criteria
    from {{ ref('int_person_disagreements') }}

)

select
    ---------- ids
    disagreements.record_key,
    disagreements.opportunity_key,
    disagreements.account_key,
    disagreements.person_key,

    ---------- strings
    disagreements.entity,
    disagreements.term,
    disagreements.first_side,
    disagreements.second_side,
    disagreements.basis,
    disagreements.yes_side,
    disagreements.yes_team,
    disagreements.no_side,
    disagreements.no_team,
    disagreements.unmet_criteria,

    ---------- numerics
    disagreements.version,
    cast(coalesce(open_pipeline.open_opportunity_count, 0) as {{ dbt.type_int() }}) as open_opportunity_count,
    cast(coalesce(open_pipeline.rate_missing_count, 0) as {{ dbt.type_int() }}) as rate_missing_count,
    cast(coalesce(open_pipeline.open_corporate_amount, 0) as {{ type_decimal(18, 2) }}) as open_corporate_amount
from disagreements
left join {{ ref('int_open_pipeline') }} as open_pipeline
    on disagreements.entity = open_pipeline.entity
    and disagreements.record_key = open_pipeline.record_key
