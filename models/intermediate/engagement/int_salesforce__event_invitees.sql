-- People invited to a meeting, outside people only: contacts and leads. Who declined did not take part.
-- One group meeting is one touch with several people.
select
    source_instance,
    event_id,
    {{ salesforce_person_object('relation_id') }} as person_object,
    relation_id as person_record_id,
    min(event_relation_id) as event_relation_id
from {{ ref('stg_salesforce__event_relations') }}
where not is_deleted
    and substring(relation_id, 1, 3) in ('003', '00Q')
    and coalesce(lower(invitation_status), '') <> 'declined'
group by source_instance, event_id, relation_id
