-- What a task's type, subject, call type and disposition say about it, by the words in `engagement_details`.
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
    tasks.source_instance,
    tasks.task_id,
    coalesce(
        nullif(nullif(lower(tasks.task_subtype), 'task'), 'event'), lower(tasks.task_type), lower(tasks.task_subtype), 'task'
    ) as source_type,
    coalesce(subjects.source_detail, call_types.source_detail, dispositions.source_detail) as source_detail,
    coalesce(tasks.is_closed, lower(tasks.task_status) = 'completed', false) as is_done
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
