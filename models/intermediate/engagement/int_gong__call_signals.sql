-- What was heard on a recorded call, by its trackers and the seed `conversation_signals`.
select
    trackers.source_instance,
    trackers.call_id,
    max(case when signals.signal = 'next_step' then 1 else 0 end) = 1 as has_next_step,
    max(case when signals.signal = 'competitor' then 1 else 0 end) = 1 as has_competitor_mention,
    max(case when signals.signal = 'pricing' then 1 else 0 end) = 1 as has_pricing_mention
from {{ ref('stg_gong__call_trackers') }} as trackers
left join {{ ref('conversation_signals') }} as signals
    on lower(trackers.tracker_name) = signals.tracker_name
where not trackers.is_deleted
group by trackers.source_instance, trackers.call_id
