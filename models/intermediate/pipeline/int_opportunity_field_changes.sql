-- Tracked changes of the fields that versions are made of. A lookup is written twice, with names and with ids: the ids count.
with

field_changes as (

    select * from {{ ref('stg_salesforce__opportunity_field_changes') }}

),

opportunities as (

    select * from {{ ref('int_opportunities_resolved') }}

),

named as (

    select
        source_system,
        source_instance,
        opportunity_id,
        field_change_id,
        -- nothing was said after the moment at which it was loaded: an instant beyond is mistyped
        {{ earlier_of('changed_at', 'loaded_at') }} as changed_at,
        case lower(field_name)
            when 'stagename' then 'stage'
            when 'amount' then 'amount'
            when 'closedate' then 'close_date'
            when 'forecastcategoryname' then 'forecast_category'
            when 'probability' then 'probability'
            when 'owner' then 'owner'
            when 'ownerid' then 'owner'
            when 'account' then 'account'
            when 'accountid' then 'account'
            when 'currencyisocode' then 'currency'
        end as attribute,
        old_value,
        new_value
    from field_changes
    where changed_at is not null

),

with_ids as (

    select
        source_system, source_instance, opportunity_id, field_change_id, changed_at, attribute,
        case when attribute in ('owner', 'account') then {{ salesforce_id('old_value') }} else old_value end as old_value,
        case when attribute in ('owner', 'account') then {{ salesforce_id('new_value') }} else new_value end as new_value
    from named
    where attribute is not null
        and (
            attribute not in ('owner', 'account')
            or (length(coalesce(new_value, old_value)) in (15, 18) and coalesce(new_value, old_value) like '00%')
        )

)

select
    ---------- ids
    opportunities.opportunity_key,
    with_ids.source_system,
    with_ids.source_instance,
    with_ids.field_change_id,

    ---------- strings
    with_ids.attribute,
    with_ids.old_value,
    with_ids.new_value,

    ---------- timestamps
    with_ids.changed_at
from with_ids
inner join opportunities
    on with_ids.source_system = opportunities.source_system
    and with_ids.source_instance = opportunities.source_instance
    and with_ids.opportunity_id = opportunities.opportunity_id
