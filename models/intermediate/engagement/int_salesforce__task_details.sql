{{ config(materialized="view") }}

-- Tasks with what their type, subject, call type and disposition say, by the words in `engagement_details`.
-- The subtype is set by the CRM itself and wins, unless it is the general one. Of the subject only the word before its
-- colon is looked at ("Re", "Was Sent Email"; a leading "Email:" is no word of its own), and it goes no further than this.
with

tasks as (

    select
        *,
        case
            when lower(subject) like 'email:%' then lower(trim({{ dbt.split_part('subject', "':'", 2) }}))
            else lower(trim({{ dbt.split_part('subject', "':'", 1) }}))
        end as subject_mark
    from {{ ref('stg_salesforce__tasks') }}

),

details as (

    select * from {{ ref('engagement_details') }} where source_object = 'task'

)

select
    ---------- ids
    tasks.task_id,
    tasks.account_id,
    tasks.what_id,
    tasks.who_id,
    tasks.owner_user_id,

    ---------- strings
    coalesce(
        nullif(nullif(lower(tasks.task_subtype), 'task'), 'event'), lower(tasks.task_type), lower(tasks.task_subtype), 'task'
    ) as source_type,
    coalesce(subjects.source_detail, call_types.source_detail, dispositions.source_detail) as source_detail,

    ---------- numerics
    tasks.call_duration_seconds,

    ---------- booleans
    tasks.is_deleted,
    coalesce(tasks.is_closed, lower(tasks.task_status) = 'completed', false) as is_done,

    ---------- dates
    tasks.activity_date,

    ---------- timestamps
    tasks.completed_at,
    tasks.created_at,

    ---------- metadata
    tasks.source_system,
    tasks.source_instance
from tasks
left join details as subjects
    on subjects.detail_kind = 'subject'
    and tasks.subject_mark = subjects.detail_text
left join details as call_types
    on call_types.detail_kind = 'call_type'
    and lower(tasks.call_type) = call_types.detail_text
left join details as dispositions
    on dispositions.detail_kind = 'disposition'
    and lower(tasks.call_disposition) = dispositions.detail_text
