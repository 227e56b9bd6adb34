with

source as {{ inlined() }} (

    {{ raw_rows("salesforce", "opportunity_line_item") }}

),

renamed as {{ inlined() }} (

    select
        ---------- ids
        {{ salesforce_id('id') }} as opportunity_line_item_id,
        {{ salesforce_id('opportunity_id') }} as opportunity_id,
        {{ salesforce_id('product_2_id') }} as product_id,
        {{ salesforce_id('pricebook_entry_id') }} as pricebook_entry_id,

        ---------- strings
        {{ text('name') }} as line_name,
        {{ text('product_code') }} as product_code,
        {{ text('currency_iso_code') }} as currency_code,

        ---------- numerics
        {{ try_decimal('quantity', 18, 4) }} as quantity,
        {{ try_decimal('unit_price', 18, 4) }} as unit_price_amount,
        {{ try_decimal('list_price', 18, 4) }} as list_price_amount,
        {{ try_amount('total_price') }} as total_price_amount,
        {{ try_decimal('discount', 18, 4) }} as discount_percent,
        {{ try_integer('sort_order') }} as sort_order,

        ---------- booleans
        coalesce({{ try_boolean('is_deleted') }}, false) or coalesce({{ try_boolean('_fivetran_deleted') }}, false) as is_deleted,

        ---------- dates
        {{ try_date('service_date') }} as service_date,

        ---------- timestamps
        {{ try_timestamp('created_date') }} as created_at,
        {{ try_timestamp('last_modified_date') }} as modified_at,
        {{ try_timestamp('system_modstamp') }} as source_updated_at,

        ---------- metadata
        'salesforce' as source_system,
        source_instance,
        is_repeated_key,
        {{ try_timestamp('_fivetran_synced') }} as loaded_at
    from source

),

{{ ranked_versions("renamed", key=["source_instance", "opportunity_line_item_id"], newest=["source_updated_at", "loaded_at"]) }},

deduplicated as (

    {{ latest_rows("renamed", key=["source_instance", "opportunity_line_item_id"]) }}

)

select * from deduplicated
