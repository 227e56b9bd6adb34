-- Which currency all amounts can be summed in, per instance: the declared one, else the one that the CRM marks as corporate.
with

currency_types as (

    select * from {{ ref('stg_salesforce__currency_types') }}

),

opportunities as (

    select * from {{ ref('stg_salesforce__opportunities') }}

),

instances as (

    select distinct source_system, source_instance from opportunities
    union distinct
    select distinct source_system, source_instance from currency_types

),

marked as (

    select
        source_system,
        source_instance,
        max(case when is_corporate and not is_deleted then currency_code end) as own_corporate_currency_code,
        count(*) as currency_count
    from currency_types
    group by source_system, source_instance

),

-- two instances that count in different currencies have no common one until the settings declare it
common as (

    select
        case
            when count(distinct own_corporate_currency_code) = 1 then max(own_corporate_currency_code)
        end as common_currency_code
    from marked

)

select
    ---------- ids
    instances.source_system,
    instances.source_instance,

    ---------- strings
    coalesce({{ setting_text('corporate_currency') }}, common.common_currency_code) as corporate_currency_code,
    marked.own_corporate_currency_code,
    -- an organisation without a currency list has one currency: the declared one, or one that nobody named (ISO 4217: XXX)
    case
        when marked.currency_count is null then coalesce({{ setting_text('corporate_currency') }}, 'XXX')
    end as only_currency_code
from instances
left join marked
    on instances.source_system = marked.source_system
    and instances.source_instance = marked.source_instance
cross join common
