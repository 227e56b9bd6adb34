-- When a person first was what the terms of the funnel mean, by the version of the term in force then; when sales first
-- turned to somebody who had become an MQL; and when sales gave back whom it rejects now.
with

versions as (

    select * from {{ ref("fct_person_versions") }}

),

engagements as (

    select * from {{ ref("int_engagements_classified") }} where exclusion_reason is null and team = 'sales' and user_key is not null

),

moments as (

    select
        person_key,
        min(case when is_inquiry then valid_from_at end) as became_inquiry_at,
        min(case when is_mql then valid_from_at end) as became_mql_at,
        min(case when is_sal then valid_from_at end) as became_sal_at,
        min(case when is_sql_lead then valid_from_at end) as became_sql_lead_at,
        max(case when sales_response = 'rejected' then null else valid_to_at end) as not_rejected_until_at, -- plumbline: allow D6 because no term says whom sales rejects
        max(case when is_current and sales_response = 'rejected' then 1 else 0 end) as is_rejected,
        min(valid_from_at) as first_known_at
    from versions
    group by person_key

),

sales_touches as (

    select
        moments.person_key,
        min(engagements.occurred_at) as first_sales_touch_at
    from moments
    inner join engagements
        on moments.person_key = engagements.person_key
            and moments.became_mql_at <= engagements.occurred_at
    group by moments.person_key

)

select
    ---------- ids
    moments.person_key,

    ---------- timestamps
    moments.became_inquiry_at,
    moments.became_mql_at,
    moments.became_sal_at,
    moments.became_sql_lead_at,
    sales_touches.first_sales_touch_at,
    case when moments.is_rejected = 1 then coalesce(moments.not_rejected_until_at, moments.first_known_at) end as rejected_at
from moments
left join sales_touches on moments.person_key = sales_touches.person_key
