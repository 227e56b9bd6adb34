{{ config(materialized="view") }}

-- Events in the shared shape of engagements. The CRM writes a copy of a group event for each colleague invited: the
-- copy is no touch of its own. The primary person is the one the event names, else the invitee listed first. An event of
-- a whole day has no time of day: its times are midnight UTC of its date, which no time zone may move.
with

events as (

    select
        *,
        lower(trim({{ dbt.split_part('subject', "':'", 1) }})) as subject_mark,
        case when is_all_day_event then coalesce(activity_date, cast(coalesce(started_at, activity_at) as date)) end as whole_date
    from {{ ref('stg_salesforce__events') }}

),

details as (

    select * from {{ ref('engagement_details') }} where source_object = 'event' and detail_kind = 'subject'

),

first_invitees as (

    select
        source_instance,
        event_id,
        min(event_relation_id || '|' || person_record_id) as first_invitee
    from {{ ref('int_salesforce__event_invitees') }}
    group by source_instance, event_id

),

recorded as (

    select distinct
        crm_instance,
        crm_record_id
    from {{ ref('int_conversation_crm_records') }}

),

attributed as (

    select
        events.*,
        coalesce(events.who_id, {{ dbt.split_part('first_invitees.first_invitee', "'|'", 2) }}) as person_record_id,
        details.source_detail,
        recorded.crm_record_id is not null as is_recorded
    from events
    left join details
        on events.subject_mark = details.detail_text
    left join first_invitees
        on events.source_instance = first_invitees.source_instance
        and events.event_id = first_invitees.event_id
    left join recorded
        on events.source_instance = recorded.crm_instance
        and events.event_id = recorded.crm_record_id

)

select
    ---------- ids
    source_system,
    source_instance,
    'event' as source_object,
    event_id as source_record_id,
    {{ salesforce_person_object('person_record_id') }} as person_object,
    person_record_id,
    account_id as account_record_id,
    what_id as related_record_id,
    case when what_id like '701%' then what_id end as campaign_record_id,
    owner_user_id as user_record_id,

    ---------- strings
    coalesce(lower(event_type), nullif(lower(event_subtype), 'event'), 'event') as source_type,
    source_detail,
    case
        when is_deleted then 'deleted'
        when is_child then 'copy_for_invitee'
        when coalesce(person_record_id, what_id, account_id) is null then 'nobody_outside'
        when is_recorded then 'counted_as_conversation'
    end as stated_reason,

    ---------- numerics
    cast(duration_minutes as {{ type_decimal(9, 2) }}) as duration_minutes,

    ---------- booleans
    coalesce(started_at, activity_at) is not null and is_all_day_event is not true as has_time_of_day,

    ---------- dates
    coalesce(
        whole_date,
        {{ business_date('coalesce(started_at, activity_at)') }},
        activity_date,
        {{ business_date('created_at') }}
    ) as occurred_date,

    ---------- timestamps
    coalesce(cast(whole_date as {{ dbt.type_timestamp() }}), started_at, activity_at, cast(activity_date as {{ dbt.type_timestamp() }}), created_at) as occurred_at
from attributed
