-- Recorded calls that the CRM logged as well: the same occasion in two systems. Two kinds of evidence decide.
-- Link: the recording names the CRM's event or task. Time: an event with the same colleague, the same account and a beginning
-- at most fifteen minutes apart, and no second candidate on either side (nobody sits in two meetings at once). All else stays two touches.
-- A call that counts for nothing itself (deleted, private, internal) takes no meeting's place.
with

calls as (

    select
        calls.source_instance,
        calls.call_id,
        calls.calendar_event_id,
        users.user_key,
        evidence.account_key,
        calls.started_at,
        calls.scheduled_at
    from {{ ref('stg_gong__calls') }} as calls
    inner join {{ ref('int_gong__call_evidence') }} as evidence
        on calls.source_instance = evidence.source_instance
        and calls.call_id = evidence.call_id
    left join {{ ref('int_users_mapped') }} as users
        on users.source_system = 'gong'
        and calls.source_instance = users.source_instance
        and calls.primary_user_id = users.source_record_id
    where not calls.is_deleted
        and not coalesce(calls.is_private, false)
        and coalesce(lower(calls.scope), 'unknown') <> 'internal'

),

meetings as (

    select * from {{ ref('int_salesforce__meetings') }}

),

named as (

    select
        links.source_instance,
        links.call_id,
        links.object_id as crm_record_id
    from {{ ref('stg_gong__call_crm_links') }} as links
    inner join calls
        on links.source_instance = calls.source_instance
        and links.call_id = calls.call_id
    where not links.is_deleted
        and substring(links.object_id, 1, 3) in ('00U', '00T')
    union all
    select
        source_instance,
        call_id,
        {{ salesforce_id('calendar_event_id') }} as crm_record_id
    from calls
    where substring(calendar_event_id, 1, 3) in ('00U', '00T')

),

found as (

    select distinct
        named.source_instance,
        named.call_id,
        meetings.source_instance as crm_instance,
        meetings.crm_record_id
    from named
    inner join meetings
        on named.crm_record_id = meetings.crm_record_id

),

counted as (

    select
        source_instance,
        call_id,
        crm_instance,
        crm_record_id,
        count(*) over (partition by source_instance, call_id, crm_record_id) as instance_count
    from found

),

linked as (

    -- as in `int_crm_ids`: an id of several instances means the one that bears the recorder's name
    select
        source_instance,
        call_id,
        crm_instance,
        crm_record_id,
        'link' as evidence
    from counted
    where instance_count = 1
        or crm_instance = source_instance

),

candidates as (

    select
        calls.source_instance,
        calls.call_id,
        meetings.source_instance as crm_instance,
        meetings.crm_record_id,
        count(*) over (partition by calls.source_instance, calls.call_id) as meetings_of_call,
        count(*) over (partition by meetings.source_instance, meetings.crm_record_id) as calls_of_meeting
    from calls
    inner join meetings
        on calls.user_key = meetings.user_key
        and calls.account_key = meetings.account_key
        and abs({{ dbt.datediff('calls.started_at', 'meetings.started_at', 'second') }}) <= 15 * 60
    where meetings.has_beginning
        and not exists (
            select 1
            from linked
            where linked.source_instance = calls.source_instance and linked.call_id = calls.call_id
        )
        and not exists (
            select 1
            from linked
            where linked.crm_instance = meetings.source_instance and linked.crm_record_id = meetings.crm_record_id
        )

)

select source_instance, call_id, crm_instance, crm_record_id, evidence
from linked
union all
select source_instance, call_id, crm_instance, crm_record_id, 'time' as evidence
from candidates
where meetings_of_call = 1
    and calls_of_meeting = 1
