-- The current version of a person says of status, score and owner what the record that speaks for them now says: no
-- tracked change, however late or misordered, outlives the current row.
with

speaking as (

    select
        person_key,
        max(case when attribute = 'lead_status' then current_value end) as lead_status,
        max(case when attribute = 'lead_score' then current_value end) as lead_score,
        max(case when attribute = 'owner' then current_value end) as owner_user_key
    from {{ ref('int_person_field_histories') }}
    where speaking_order = 1 and is_landed
    group by person_key

)

select speaking.*
from speaking
inner join {{ ref('fct_person_versions') }} as versions on speaking.person_key = versions.person_key
where versions.is_current
    and (
        speaking.lead_status is distinct from versions.lead_status
        or speaking.lead_score is distinct from cast(versions.lead_score as {{ dbt.type_string() }})
        or speaking.owner_user_key is distinct from cast(versions.owner_user_key as {{ dbt.type_string() }})
    )
