-- Every staged opportunity that exists is in the mart once, with its amount, under its stage; deleted ones are not: by how much and no more.
with

staged as (

    select source_instance, opportunity_id, stage_name, amount
    from {{ ref('stg_salesforce__opportunities') }}
    where not is_deleted

),

opportunities as (

    select * from {{ ref('fct_opportunities') }}
    where source_system = 'salesforce'

)

select coalesce(staged.opportunity_id, opportunities.opportunity_id) as opportunity_id
from staged
full join opportunities
    on staged.source_instance = opportunities.source_instance
    and staged.opportunity_id = opportunities.opportunity_id
where staged.opportunity_id is null
    or opportunities.opportunity_id is null
    or staged.amount is distinct from opportunities.amount
    or staged.stage_name is distinct from opportunities.stage_name
