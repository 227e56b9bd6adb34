with

products as (

    select * from {{ ref('stg_salesforce__products') }}

)

select
    ---------- ids
    {{ record_key('products.source_system', 'products.source_instance', 'products.product_id') }} as product_key,
    products.source_system,
    products.source_instance,
    products.product_id as source_record_id,

    ---------- strings
    products.product_name,
    products.product_code,
    products.product_family,

    ---------- booleans
    coalesce(products.is_active, false) as is_active,
    products.is_deleted,

    ---------- timestamps
    products.created_at
from products
