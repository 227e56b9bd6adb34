-- Source types that the seed `engagement_type_map` does not know: their touches stand in the fact as `unmapped` and claim
-- nothing of the buyer. Only a warning: the remedy is an entry in the seed, and no touch is lost until then.
{{ config(severity="warn") }}

select
    source_system,
    source_object,
    unmapped_type,
    count(*) as touches
from {{ ref('int_engagements_classified') }}
where unmapped_type is not null
    and exclusion_reason is null
group by source_system, source_object, unmapped_type
