-- Connected components have converged: both ends of each link carry one component. If this fails, a chain of merges is
-- longer than the rounds of `connected_components` reach: raise them.
with

account_ends as (

    select
        links.record_key,
        links.other_record_key,
        lefts.component_key as left_component_key,
        rights.component_key as right_component_key
    from {{ ref("int_account_links") }} as links
    left join {{ ref("int_account_components") }} as lefts on links.record_key = lefts.record_key
    left join {{ ref("int_account_components") }} as rights on links.other_record_key = rights.record_key

),

person_ends as (

    select
        links.record_key,
        links.other_record_key,
        lefts.component_key as left_component_key,
        rights.component_key as right_component_key
    from {{ ref("int_person_links") }} as links
    left join {{ ref("int_person_components") }} as lefts on links.record_key = lefts.record_key
    left join {{ ref("int_person_components") }} as rights on links.other_record_key = rights.record_key

),

ends as (

    select * from account_ends
    union all
    select * from person_ends

)

select *
from ends
where left_component_key is null or right_component_key is null or left_component_key <> right_component_key
