-- One person can be a member twice (in both systems, or with two records): responded once is responded. The status shown
-- is the CRM's, which campaign reports read, else marketing's; within a system the newest.
with

members as (

    select * from {{ ref('int_campaign_members_unioned') }}
    where campaign_key is not null
        and person_key is not null

),

ranked as (

    select
        *,
        row_number() over (
            partition by campaign_key, person_key
            order by
                case source_system when 'salesforce' then 1 else 2 end,
                changed_at desc nulls last,
                source_system,
                source_instance,
                source_record_id
        ) as member_rank
    from members

)

select
    ---------- ids
    ranked.campaign_key,
    ranked.person_key,
    max(people.account_key) as account_key,

    ---------- strings
    max(case when ranked.member_rank = 1 then ranked.member_status end) as member_status,

    ---------- numerics
    cast(count(*) as {{ dbt.type_int() }}) as membership_count,

    ---------- booleans
    max(case when ranked.has_responded then 1 else 0 end) = 1 as has_responded,
    max(case when ranked.source_system = 'salesforce' then 1 else 0 end) = 1 as has_crm_record,
    max(case when ranked.source_system <> 'salesforce' then 1 else 0 end) = 1 as has_marketing_record,

    ---------- dates
    min(ranked.first_responded_date) as first_responded_date,

    ---------- timestamps
    min(ranked.joined_at) as joined_at
from ranked
left join {{ ref('dim_people') }} as people
    on ranked.person_key = people.person_key
group by ranked.campaign_key, ranked.person_key
