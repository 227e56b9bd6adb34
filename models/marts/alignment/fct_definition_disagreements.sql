-- What is at stake is the open pipeline of the record: of an opportunity its own, of an account that of all its
-- opportunities, of a person that of the opportunities whose primary contact the person is. Money of an opportunity
-- stands here once for each pair of sides and record: count each opportunity once.
with

opportunities as (

    select
        opportunities.opportunity_key,
        opportunities.account_key,
        {{ is_open('opportunities') }} as is_open,
        amounts.corporate_amount,
        amounts.is_rate_missing
    from {{ ref('int_opportunities_resolved') }} as opportunities
    inner join {{ ref('int_opportunity_corporate_amounts') }} as amounts
        on opportunities.opportunity_key = amounts.opportunity_key

),

-- who stands behind a deal: the person whom the CRM marks as the primary contact
open_by_person as (

    select
        people.person_key,
        count(*) as open_opportunity_count,
        sum(case when opportunities.is_rate_missing then 1 else 0 end) as rate_missing_count,
        sum(opportunities.corporate_amount) as open_corporate_amount
    from {{ ref('bridge_opportunity_people') }} as people
    inner join opportunities
        on people.opportunity_key = opportunities.opportunity_key
    where people.is_primary and opportunities.is_open
    group by people.person_key

),

open_by_account as (

    select
        account_key,
        count(*) as open_opportunity_count,
        sum(case when is_rate_missing then 1 else 0 end) as rate_missing_count,
        sum(corporate_amount) as open_corporate_amount
    from opportunities
    where is_open
    group by account_key

),

disagreements as (

    select
        'opportunity' as entity,
        disagreements.opportunity_key as record_key,
        disagreements.opportunity_key,
        opportunities.account_key,
        cast(null as {{ dbt.type_bigint() }}) as person_key,
        'stated' as basis,
        disagreements.term,
        disagreements.version,
        disagreements.first_side,
        disagreements.second_side,
        disagreements.yes_side,
        disagreements.yes_team,
        disagreements.no_side,
        disagreements.no_team,
        disagreements.unmet_criteria,
        case when opportunities.is_open then 1 else 0 end as open_opportunity_count,
        case when opportunities.is_open and opportunities.is_rate_missing then 1 else 0 end as rate_missing_count,
        case when opportunities.is_open then opportunities.corporate_amount end as open_corporate_amount
    from {{ ref('int_opportunity_disagreements') }} as disagreements
    inner join opportunities
        on disagreements.opportunity_key = opportunities.opportunity_key

    union all

    select
        'account' as entity,
        disagreements.account_key as record_key,
        cast(null as {{ dbt.type_bigint() }}) as opportunity_key,
        disagreements.account_key,
        cast(null as {{ dbt.type_bigint() }}) as person_key,
        'stated' as basis,
        disagreements.term,
        disagreements.version,
        disagreements.first_side,
        disagreements.second_side,
        disagreements.yes_side,
        disagreements.yes_team,
        disagreements.no_side,
        disagreements.no_team,
        disagreements.unmet_criteria,
        coalesce(open_by_account.open_opportunity_count, 0) as open_opportunity_count,
        coalesce(open_by_account.rate_missing_count, 0) as rate_missing_count,
        open_by_account.open_corporate_amount
    from {{ ref('int_account_disagreements') }} as disagreements
    left join open_by_account
        on disagreements.account_key = open_by_account.account_key

    union all

    select
        'person' as entity,
        disagreements.person_key as record_key,
        cast(null as {{ dbt.type_bigint() }}) as opportunity_key,
        people.account_key,
        disagreements.person_key,
        disagreements.basis,
        disagreements.term,
        disagreements.version,
        disagreements.first_side,
        disagreements.second_side,
        disagreements.yes_side,
        disagreements.yes_team,
        disagreements.no_side,
        disagreements.no_team,
        disagreements.unmet_criteria,
        coalesce(open_by_person.open_opportunity_count, 0) as open_opportunity_count,
        coalesce(open_by_person.rate_missing_count, 0) as rate_missing_count,
        open_by_person.open_corporate_amount
    from {{ ref('int_person_disagreements') }} as disagreements
    inner join {{ ref('dim_people') }} as people
        on disagreements.person_key = people.person_key
    left join open_by_person
        on disagreements.person_key = open_by_person.person_key

)

select
    ---------- ids
    record_key,
    opportunity_key,
    account_key,
    person_key,

    ---------- strings
    entity,
    term,
    first_side,
    second_side,
    basis,
    yes_side,
    yes_team,
    no_side,
    no_team,
    unmet_criteria,

    ---------- numerics
    version,
    cast(open_opportunity_count as {{ dbt.type_int() }}) as open_opportunity_count,
    cast(rate_missing_count as {{ dbt.type_int() }}) as rate_missing_count,
    cast(coalesce(open_corporate_amount, 0) as {{ type_decimal(18, 2) }}) as open_corporate_amount
from disagreements
