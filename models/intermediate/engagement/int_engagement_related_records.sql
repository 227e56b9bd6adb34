-- What a touch can be about, by its id in the CRM: an account, or an opportunity with its account. A deleted opportunity
-- gives its account still, but no opportunity.
select
    source_system,
    source_instance,
    source_record_id,
    account_key,
    cast(null as {{ dbt.type_bigint() }}) as opportunity_key
from {{ ref('map_accounts') }}
where source_system = 'salesforce'
    and source_object = 'account'
union all
select
    source_system,
    source_instance,
    opportunity_id as source_record_id,
    account_key,
    case when not is_deleted then opportunity_key end as opportunity_key
from {{ ref('int_opportunities_resolved') }}
