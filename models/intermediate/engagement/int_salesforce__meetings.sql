-- Meetings and calls that the CRM has on record with a time of day, one row each: what a recorded call may be the recording
-- of. A task's time is when it was completed, not when the call began, and an event of a whole day has none: they can be
-- named by a recording, not be told by time.
with

events as (

    select
        source_instance,
        event_id as crm_record_id,
        owner_user_id,
        who_id,
        account_id,
        what_id,
        coalesce(started_at, activity_at) as started_at,
        is_all_day_event is not true as has_beginning
    from {{ ref('stg_salesforce__events') }}
    where not is_deleted
        and not coalesce(is_child, false)

),

tasks as (

    select
        source_instance,
        task_id as crm_record_id,
        owner_user_id,
        who_id,
        account_id,
        what_id,
        completed_at as started_at,
        false as has_beginning
    from {{ ref('int_salesforce__task_details') }}
    where not is_deleted
        and source_type in ('call', 'meeting', 'demo')

),

meetings as (

    select * from events
    union all
    select * from tasks

)

select
    meetings.source_instance,
    meetings.crm_record_id,
    users.user_key,
    person_records.person_key,
    coalesce(accounts.account_key, related.account_key, person_records.account_key) as account_key,
    related.opportunity_key,
    meetings.has_beginning,
    meetings.started_at
from meetings
left join {{ ref('int_users_mapped') }} as users
    on users.source_system = 'salesforce'
    and meetings.source_instance = users.source_instance
    and meetings.owner_user_id = users.source_record_id
left join {{ ref('int_engagement_person_records') }} as person_records
    on person_records.source_system = 'salesforce'
    and meetings.source_instance = person_records.source_instance
    and {{ salesforce_person_object('meetings.who_id') }} = person_records.source_object
    and meetings.who_id = person_records.source_record_id
left join {{ ref('int_engagement_related_records') }} as related
    on meetings.source_instance = related.source_instance
    and meetings.what_id = related.source_record_id
left join {{ ref('int_engagement_related_records') }} as accounts
    on meetings.source_instance = accounts.source_instance
    and meetings.account_id = accounts.source_record_id
