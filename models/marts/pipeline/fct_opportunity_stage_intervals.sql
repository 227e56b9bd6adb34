-- Runs of versions in one stage; a deleted opportunity is in no stage any more, so its last stay ends at the deletion.
with

versions as (

    select * from {{ ref('fct_opportunity_versions') }}

),

as_of as (

    select * from {{ ref('as_of') }}

),

compared as (

    select
        opportunity_key, version_number, stage_name, stage_category, stage_sort_order, evidence, is_deleted, is_open, is_won, is_lost, valid_from_at, valid_to_at,
        case
            when version_number = 1 then 1
            when stage_name is distinct from lag(stage_name) over (partition by opportunity_key order by version_number)
                -- no stage that nobody knows yet is another stay than no stage that the CRM says
                or stage_category is distinct from lag(stage_category) over (partition by opportunity_key order by version_number)
                or is_deleted is distinct from lag(is_deleted) over (partition by opportunity_key order by version_number) then 1
            else 0
        end as is_new_stay
    from versions

),

numbered as (

    select
        opportunity_key, stage_name, stage_category, stage_sort_order, evidence, is_deleted, is_open, is_won, is_lost, valid_from_at, valid_to_at,
        sum(is_new_stay) over (
            partition by opportunity_key order by version_number
            rows between unbounded preceding and current row
        ) as interval_number
    from compared

),

stays as (

    select
        opportunity_key, interval_number, stage_name, stage_category, stage_sort_order, is_deleted, is_open, is_won, is_lost,
        -- the weakest evidence of its versions
        case
            when max(case when evidence = 'unknown' then 1 else 0 end) = 1 then 'unknown'
            when max(case when evidence = 'reconstructed' then 1 else 0 end) = 1 then 'reconstructed'
            else 'observed'
        end as evidence,
        min(valid_from_at) as entered_at,
        case when max(case when valid_to_at is null then 1 else 0 end) = 0 then max(valid_to_at) end as left_at
    from numbered
    group by opportunity_key, interval_number, stage_name, stage_category, stage_sort_order, is_deleted, is_open, is_won, is_lost

),

followed as (

    select
        opportunity_key, interval_number, stage_name, stage_category, stage_sort_order, is_deleted, is_won, is_lost, evidence, entered_at, left_at,
        lag(stage_name) over (partition by opportunity_key order by interval_number) as previous_stage_name,
        lag(stage_category) over (partition by opportunity_key order by interval_number) as previous_stage_category,
        lag(stage_sort_order) over (partition by opportunity_key order by interval_number) as previous_sort_order,
        coalesce(lag(is_won) over (partition by opportunity_key order by interval_number), false)
            or coalesce(lag(is_lost) over (partition by opportunity_key order by interval_number), false) as was_closed,
        lead(stage_name) over (partition by opportunity_key order by interval_number) as next_stage_name
    from stays

)

select
    ---------- ids
    followed.opportunity_key,
    cast(followed.interval_number as {{ dbt.type_int() }}) as interval_number,

    ---------- strings
    followed.stage_name,
    followed.stage_category,
    followed.previous_stage_name,
    followed.next_stage_name,
    case
        when followed.interval_number = 1 then 'first'
        when followed.previous_stage_category = 'unknown' then 'first known'
        when followed.is_won then 'won'
        when followed.is_lost then 'lost'
        when followed.was_closed then 'reopened'
        when followed.stage_sort_order > followed.previous_sort_order then 'forward'
        when followed.stage_sort_order < followed.previous_sort_order then 'backward'
        when followed.stage_sort_order = followed.previous_sort_order then 'sideways'
        -- one of the two has no place in the order: nobody can say
        else 'unordered'
    end as direction,
    followed.evidence,

    ---------- numerics
    followed.stage_sort_order,
    -- what is only first known began earlier, nobody knows when
    case
        when followed.interval_number > 1 and followed.previous_stage_category = 'unknown' then null
        else cast({{ dbt.datediff(business_date('followed.entered_at'), 'coalesce(' ~ business_date('followed.left_at') ~ ', as_of.as_of_date)', 'day') }} as {{ dbt.type_int() }})
    end as days,

    ---------- booleans
    followed.left_at is null as is_current,

    ---------- timestamps
    followed.entered_at,
    followed.left_at
from followed
cross join as_of
where not followed.is_deleted
