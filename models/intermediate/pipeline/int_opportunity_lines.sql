-- Lines of opportunities that exist; a line without an opportunity belongs to no deal and is left out.
with

lines as (

    select * from {{ ref('stg_salesforce__opportunity_line_items') }}

),

opportunities as (

    select * from {{ ref('int_opportunities_resolved') }}

)

select
    ---------- ids
    {{ record_key('lines.source_system', 'lines.source_instance', 'lines.opportunity_line_item_id') }} as opportunity_line_key,
    opportunities.opportunity_key,
    lines.source_system,
    lines.source_instance,
    lines.opportunity_line_item_id as source_record_id,
    lines.product_id,

    ---------- strings
    lines.product_code,
    coalesce(lines.currency_code, opportunities.currency_code) as currency_code,

    ---------- numerics
    lines.sort_order,
    lines.quantity,
    lines.unit_price_amount,
    lines.list_price_amount,
    lines.total_price_amount,
    lines.discount_percent,

    ---------- dates
    lines.service_date,

    ---------- timestamps
    lines.created_at,
    lines.modified_at,

    ---------- metadata
    lines.loaded_at
from lines
inner join opportunities
    on lines.source_system = opportunities.source_system
    and lines.source_instance = opportunities.source_instance
    and lines.opportunity_id = opportunities.opportunity_id
where not lines.is_deleted
    and not opportunities.is_deleted
