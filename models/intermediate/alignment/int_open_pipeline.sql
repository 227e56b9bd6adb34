-- What is open on a record: of an opportunity itself, of an account on all its opportunities, of a person on those whose
-- primary contact the person is.
with

opportunities as (

    select
        opportunities.opportunity_key,
        opportunities.account_key,
        amounts.corporate_amount,
        case when amounts.is_rate_missing then 1 else 0 end as rate_missing_count
    from {{ ref('int_opportunities_resolved') }} as opportunities
    inner join {{ ref('int_opportunity_corporate_amounts') }} as amounts
        on opportunities.opportunity_key = amounts.opportunity_key
    where {{ is_open('opportunities') }}

),

primary_contacts as (

    select distinct opportunity_key, person_key
    from {{ ref('int_opportunity_person_evidence') }}
    where is_primary

),

touched as (

    select 'opportunity' as entity, opportunity_key as record_key, rate_missing_count, corporate_amount
    from opportunities

    union all

    select 'account' as entity, account_key as record_key, rate_missing_count, corporate_amount
    from opportunities
    where account_key is not null

    union all

    select
        'person' as entity,
        primary_contacts.person_key as record_key,
        opportunities.rate_missing_count,
        opportunities.corporate_amount
    from opportunities
    inner join primary_contacts
        on opportunities.opportunity_key = primary_contacts.opportunity_key

)

select
    ---------- ids
    record_key,

    ---------- strings
    entity,

    ---------- numerics
    count(*) as open_opportunity_count,
    sum(rate_missing_count) as rate_missing_count,
    sum(corporate_amount) as open_corporate_amount
from touched
group by entity, record_key
