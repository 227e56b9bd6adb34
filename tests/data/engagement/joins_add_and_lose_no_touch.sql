-- The fact holds as many rows of each table as were kept; that no lookup of a key adds or loses one before, is for
-- `every_staged_touch_row_is_kept_or_excluded_once`. Returns tables that differ.
with

kept as (

    select
        source_system,
        source_instance,
        source_object,
        count(*) as row_count
    from {{ ref('int_engagements_classified') }}
    where exclusion_reason is null
    group by source_system, source_instance, source_object

),

touches as (

    select
        source_system,
        source_instance,
        source_object,
        count(*) as row_count
    from {{ ref('fct_engagements') }}
    group by source_system, source_instance, source_object

)

select
    coalesce(kept.source_object, touches.source_object) as source_object,
    kept.row_count as kept_rows,
    touches.row_count as touches
from kept
full outer join touches
    on kept.source_system = touches.source_system
    and kept.source_instance = touches.source_instance
    and kept.source_object = touches.source_object
where coalesce(kept.row_count, -1) <> coalesce(touches.row_count, -1)
