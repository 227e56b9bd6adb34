-- Nothing puts a person on a deal before it has happened: no evidence later than the as-of date.
select
    people.opportunity_key,
    people.person_key,
    people.last_evidence_at
from {{ ref('bridge_opportunity_people') }} as people
cross join {{ ref('as_of') }} as as_of
where {{ business_date('people.last_evidence_at') }} > as_of.as_of_date
