with

lines as (

    select * from {{ ref('int_opportunity_lines') }}

),

products as (

    select * from {{ ref('dim_products') }}

)

select
    ---------- ids
    lines.opportunity_line_key,
    lines.opportunity_key,
    products.product_key,
    lines.source_system,
    lines.source_instance,
    lines.source_record_id,

    ---------- strings
    lines.product_code,
    lines.currency_code,

    ---------- numerics
    lines.sort_order,
    lines.quantity,
    lines.unit_price_amount,
    lines.list_price_amount,
    lines.total_price_amount,
    lines.discount_percent,

    ---------- booleans
    products.product_key is not null as has_product,

    ---------- dates
    lines.service_date,

    ---------- timestamps
    lines.created_at
from lines
left join products
    on
        lines.source_system = products.source_system
        and lines.source_instance = products.source_instance
        and lines.product_id = products.source_record_id
