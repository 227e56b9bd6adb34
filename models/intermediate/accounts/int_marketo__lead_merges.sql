-- Marketo merges, one row per lead that was merged away: the activity names the winner and, as text (`[12]`, `12,34`), the losers.
{% set most_per_merge = 100 %}
with

merges as (

    select * from {{ ref("stg_marketo__activity_lead_merges") }}

),

cleaned as (

    select
        source_system,
        source_instance,
        activity_id,
        lead_id,
        replace(replace(replace(replace(merged_lead_ids, '[', ''), ']', ''), '"', ''), ' ', '') as merged_lead_ids
    from merges
    where lead_id is not null and merged_lead_ids is not null and not is_deleted

),

positions as (

    {% for position in range(1, most_per_merge + 1) %}
    select {{ position }} as position{{ " union all" if not loop.last }}
    {% endfor %}

),

separated as (

    select distinct
        cleaned.source_system,
        cleaned.source_instance,
        cleaned.lead_id,
        {{ list_item('cleaned.merged_lead_ids', ',', 'positions.position') }} as merged_lead_id
    from cleaned
    inner join positions
        on positions.position <= 1 + length(cleaned.merged_lead_ids) - length(replace(cleaned.merged_lead_ids, ',', ''))

)

select
    ---------- ids
    {{ record_key('source_system', 'source_instance', 'merged_lead_id') }} as record_key,
    {{ record_key('source_system', 'source_instance', 'lead_id') }} as survivor_record_key,
    merged_lead_id as source_record_id,
    lead_id as survivor_record_id,

    ---------- metadata
    source_system,
    source_instance
from separated
where merged_lead_id <> '' and merged_lead_id <> lead_id
