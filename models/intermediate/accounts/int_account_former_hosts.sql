-- Websites that an account had before, as its tracked history tells.
with

changes as (

    select * from {{ ref("stg_salesforce__account_field_changes") }}

)

select distinct
    ---------- ids
    {{ record_key('source_system', 'source_instance', 'account_id') }} as record_key,

    ---------- strings
    {{ web_host('old_value') }} as website_host
from changes
where lower(field_name) = 'website' and old_value is not null and account_id is not null and not is_deleted
