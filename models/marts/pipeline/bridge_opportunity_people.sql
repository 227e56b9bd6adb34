with

evidence as (

    select * from {{ ref('int_opportunity_person_evidence') }}

),

opportunities as (

    select * from {{ ref('int_opportunities_resolved') }}
    where not is_deleted

),

-- the primary contact's role goes first, then the newest: one person may have several
roles as (

    select
        opportunity_key, person_key, buying_role,
        row_number() over (
            partition by opportunity_key, person_key
            order by case when is_primary then 0 else 1 end, occurred_at desc nulls last, source_record_id, buying_role
        ) as role_rank
    from evidence
    where buying_role is not null

),

summed as (

    select
        opportunity_key,
        person_key,
        max(case when is_primary then 1 else 0 end) as is_primary,
        max(case when evidence = 'contact role' then 1 else 0 end) as has_contact_role,
        count(distinct case when evidence = 'meeting' then source_record_id end) as meeting_count,
        count(distinct case when evidence = 'email' then source_record_id end) as email_count,
        count(distinct case when evidence = 'call' then source_record_id end) as call_count,
        min(occurred_at) as first_evidence_at,
        max(occurred_at) as last_evidence_at
    from evidence
    group by opportunity_key, person_key

)

select
    ---------- ids
    summed.opportunity_key,
    summed.person_key,

    ---------- strings
    roles.buying_role,
    case
        when summed.has_contact_role = 1 then 'contact role'
        when summed.meeting_count > 0 then 'meeting'
        when summed.call_count > 0 then 'call'
        else 'email'
    end as evidence,

    ---------- numerics
    cast(summed.meeting_count as {{ dbt.type_int() }}) as meeting_count,
    cast(summed.email_count as {{ dbt.type_int() }}) as email_count,
    cast(summed.call_count as {{ dbt.type_int() }}) as call_count,

    ---------- booleans
    summed.is_primary = 1 as is_primary,
    summed.has_contact_role = 1 as has_contact_role,
    summed.meeting_count > 0 as has_meeting,
    summed.email_count > 0 as has_email,
    summed.call_count > 0 as has_call,

    ---------- timestamps
    summed.first_evidence_at,
    summed.last_evidence_at
from summed
inner join opportunities
    on summed.opportunity_key = opportunities.opportunity_key
left join roles
    on summed.opportunity_key = roles.opportunity_key
    and summed.person_key = roles.person_key
    and roles.role_rank = 1
