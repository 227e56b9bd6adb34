-- Stays of an opportunity do not overlap, and together they last as long as its versions that are not deleted.
with

intervals as (

    select
        opportunity_key, interval_number, entered_at, left_at,
        lead(entered_at) over (partition by opportunity_key order by interval_number) as next_entered_at
    from {{ ref('fct_opportunity_stage_intervals') }}

),

spans as (

    select opportunity_key, {{ dbt.datediff('entered_at', 'coalesce(left_at, entered_at)', 'second') }} as seconds_left
    from intervals
    union all
    select opportunity_key, -{{ dbt.datediff('valid_from_at', 'coalesce(valid_to_at, valid_from_at)', 'second') }} as seconds_left
    from {{ ref('fct_opportunity_versions') }}
    where not is_deleted
        and not is_current
    union all
    -- the stay that lasts has left no time behind: its versions before the current one have
    select intervals.opportunity_key, {{ dbt.datediff('intervals.entered_at', 'versions.valid_from_at', 'second') }} as seconds_left
    from intervals
    inner join {{ ref('fct_opportunity_versions') }} as versions
        on intervals.opportunity_key = versions.opportunity_key
        and versions.is_current
    where intervals.left_at is null

)

select opportunity_key, 'overlap' as fault
from intervals
where left_at > next_entered_at
    or left_at < entered_at
union all
select opportunity_key, 'length' as fault
from spans
group by opportunity_key
having sum(seconds_left) <> 0
