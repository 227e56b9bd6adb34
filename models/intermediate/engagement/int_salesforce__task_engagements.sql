{{ config(materialized="view") }}

-- Tasks as touches of the CRM. When it was done: the moment of completion, else the day that the task
-- itself names, else its creation. A task without a person, an account or a related record has nobody outside.
with

tasks as (

    select * from {{ ref('int_salesforce__task_details') }}

),

recorded as (

    select distinct
        crm_instance,
        crm_record_id
    from {{ ref('int_conversation_crm_records') }}

)

select
    ---------- ids
    tasks.source_system,
    tasks.source_instance,
    'task' as source_object,
    tasks.task_id as source_record_id,
    {{ salesforce_person_object('tasks.who_id') }} as person_object,
    tasks.who_id as person_record_id,
    tasks.account_id as account_record_id,
    tasks.what_id as related_record_id,
    case when tasks.what_id like '701%' then tasks.what_id end as campaign_record_id,
    tasks.owner_user_id as user_record_id,

    ---------- strings
    tasks.source_type,
    tasks.source_detail,
    case
        when tasks.is_deleted then 'deleted'
        when not tasks.is_done then 'not_done'
        when coalesce(tasks.who_id, tasks.what_id, tasks.account_id) is null then 'nobody_outside'
        when recorded.crm_record_id is not null then 'counted_as_conversation'
    end as stated_reason,

    ---------- numerics
    {{ safe_divide('tasks.call_duration_seconds', '60', 9, 2) }} as duration_minutes,

    ---------- booleans
    tasks.completed_at is not null or tasks.activity_date is null as has_time_of_day,

    ---------- dates
    coalesce({{ business_date('tasks.completed_at') }}, tasks.activity_date, {{ business_date('tasks.created_at') }}) as occurred_date,

    ---------- timestamps
    coalesce(tasks.completed_at, cast(tasks.activity_date as {{ dbt.type_timestamp() }}), tasks.created_at) as occurred_at
from tasks
left join recorded
    on tasks.source_instance = recorded.crm_instance
    and tasks.task_id = recorded.crm_record_id
