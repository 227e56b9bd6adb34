-- Each entry of the type map says what the row is, or why it is no touch, never both or neither, and once; the types hold
-- `unmapped`; a word stands for one detail. Returns entries that break this.
select
    source_object || ' ' || source_type || ' ' || source_detail as entry,
    'type and reason' as fault
from {{ ref('engagement_type_map') }}
where (engagement_type is null) = (exclusion_reason is null)
union all
select
    source_object || ' ' || source_type || ' ' || source_detail as entry,
    'twice' as fault
from {{ ref('engagement_type_map') }}
group by source_system, source_object, source_type, source_detail
having count(*) > 1
union all
select
    source_object || ' ' || detail_text as entry,
    'twice' as fault
from {{ ref('engagement_details') }}
group by source_object, detail_kind, detail_text
having count(*) > 1
union all
select
    'unmapped' as entry,
    'missing' as fault
from {{ ref('engagement_types') }}
having sum(case when engagement_type = 'unmapped' then 1 else 0 end) = 0
