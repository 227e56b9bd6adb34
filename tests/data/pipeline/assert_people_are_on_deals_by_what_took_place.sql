-- Nothing puts a person on a deal before it has happened: no evidence later than the as-of date, except what was loaded already:
-- east of UTC the business day begins before the date of the load does.
select
    people.opportunity_key,
    people.person_key,
    people.last_evidence_at
from {{ ref('bridge_opportunity_people') }} as people
cross join {{ ref('as_of') }} as as_of
where {{ business_date('people.last_evidence_at') }} > as_of.as_of_date
    and (as_of.newest_loaded_at is null or people.last_evidence_at > as_of.newest_loaded_at)
