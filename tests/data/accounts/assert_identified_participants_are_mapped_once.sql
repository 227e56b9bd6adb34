-- Every outside participant with a personal address is in the map; joins neither lose one nor add one.
with

participants as (

    select * from {{ ref("int_gong__participants") }}

),

mapped as (

    select * from {{ ref("map_people") }} where source_object = 'participant'

)

select
    coalesce(participants.record_key, mapped.record_key) as record_key
from participants
full outer join mapped on participants.record_key = mapped.record_key
left join {{ ref("role_mailboxes") }} as role_mailboxes
    on {{ email_mailbox('participants.email_address') }} = role_mailboxes.mailbox
where participants.record_key is null
    or (mapped.record_key is null and participants.email_host is not null and role_mailboxes.mailbox is null)
