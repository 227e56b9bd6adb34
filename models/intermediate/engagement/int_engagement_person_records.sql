-- Who is behind a source record that is a person, and for which account that record speaks. The record's own account comes
-- first: somebody who changed jobs has a record at each company, and a touch through the old one belongs to the old company.
with

map_people as (

    select * from {{ ref('map_people') }}

),

people as (

    select
        person_key,
        account_key
    from {{ ref('int_person_accounts') }}

),

stated_accounts as (

    select
        contacts.source_system,
        contacts.source_instance,
        'contact' as source_object,
        contacts.contact_id as source_record_id,
        records.account_key
    from {{ ref('stg_salesforce__contacts') }} as contacts
    inner join {{ ref('int_engagement_related_records') }} as records
        on contacts.source_system = records.source_system
        and contacts.source_instance = records.source_instance
        and contacts.account_id = records.source_record_id
    union all
    select
        leads.source_system,
        leads.source_instance,
        'lead' as source_object,
        leads.lead_id as source_record_id,
        records.account_key
    from {{ ref('stg_salesforce__leads') }} as leads
    inner join {{ ref('int_engagement_related_records') }} as records
        on leads.source_system = records.source_system
        and leads.source_instance = records.source_instance
        and leads.converted_account_id = records.source_record_id
    union all
    select
        leads.source_system,
        leads.source_instance,
        'lead' as source_object,
        leads.lead_id as source_record_id,
        records.account_key
    from {{ ref('stg_marketo__leads') }} as leads
    left join {{ ref('int_crm_ids') }} as crm_ids
        on leads.sfdc_account_id = crm_ids.source_record_id
    inner join {{ ref('int_engagement_related_records') }} as records
        on leads.sfdc_account_id = records.source_record_id
        and coalesce(crm_ids.source_instance, leads.source_instance) = records.source_instance

)

select
    map_people.source_system,
    map_people.source_instance,
    map_people.source_object,
    map_people.source_record_id,
    map_people.person_key,
    coalesce(stated_accounts.account_key, people.account_key) as account_key
from map_people
left join people
    on map_people.person_key = people.person_key
left join stated_accounts
    on map_people.source_system = stated_accounts.source_system
    and map_people.source_instance = stated_accounts.source_instance
    and map_people.source_object = stated_accounts.source_object
    and map_people.source_record_id = stated_accounts.source_record_id
