-- Source types that the seed `engagement_type_map` does not know: their touches stand in the fact as `unmapped` and claim
-- nothing of the buyer. The remedy is an entry in the seed, and no touch is lost until then.
{{ config(fail_calc="coalesce(sum(touch_count), 0)", error_if=finding_ceiling("unmapped_source_types", found="sum(touch_count)")) }}
with

types as (

    select
        source_system,
        source_object,
        unmapped_type,
        count(*) as touch_count,
        sum(count(*)) over () as population
    from {{ ref('int_engagements_classified') }}
    where exclusion_reason is null
    group by source_system, source_object, unmapped_type

)

select source_system, source_object, unmapped_type, touch_count, population
from types
where unmapped_type is not null
