-- Versions cut where the exchange rate changes while the amount is still in play, with what each stretch is worth.
-- Won and lost amounts keep the rate of their close date, deleted ones that of the deletion; all others are worth what the day says.
with

versions as (

    select * from {{ ref('fct_opportunity_versions') }}

),

rate_ranges as (

    select * from {{ ref('int_exchange_rate_ranges') }}

),

as_of as (

    select * from {{ ref('as_of') }}

),

dated as (

    select
        versions.*,
        case
            -- a sale that closes in days to come has no rate of its own yet
            when versions.is_won or versions.is_lost then {{ earlier_of('versions.close_date', 'as_of.as_of_date') }}
            when versions.is_deleted then {{ business_date('versions.valid_from_at') }}
        end as fixed_rate_date
    from versions
    cross join as_of

),

cut as (

    select
        dated.opportunity_key,
        dated.version_number,
        rate_ranges.rate_kind,
        rate_ranges.units_per_corporate,
        case
            when dated.fixed_rate_date is null and {{ business_day_start('rate_ranges.valid_from_date') }} > dated.valid_from_at
                then {{ business_day_start('rate_ranges.valid_from_date') }}
            else dated.valid_from_at
        end as balance_from_at,
        case
            when dated.fixed_rate_date is not null or rate_ranges.valid_to_date is null or rate_ranges.valid_to_date = {{ far_date() }} then dated.valid_to_at
            when dated.valid_to_at is null or {{ business_day_start('rate_ranges.valid_to_date') }} < dated.valid_to_at
                then {{ business_day_start('rate_ranges.valid_to_date') }}
            else dated.valid_to_at
        end as balance_to_at
    from dated
    inner join rate_ranges
        on dated.source_system = rate_ranges.source_system
        and dated.source_instance = rate_ranges.source_instance
        and dated.currency_code = rate_ranges.currency_code
        and dated.amount is not null
        and (
            (
                dated.fixed_rate_date >= rate_ranges.valid_from_date
                and dated.fixed_rate_date < rate_ranges.valid_to_date
            )
            or (
                dated.fixed_rate_date is null
                and (dated.valid_to_at is null or {{ business_day_start('rate_ranges.valid_from_date') }} < dated.valid_to_at)
                and {{ business_day_start('rate_ranges.valid_to_date') }} > dated.valid_from_at
            )
        )

)

select
    ---------- ids
    versions.opportunity_key,
    versions.version_number,
    versions.account_key,
    versions.account_id,
    versions.owner_user_key,

    ---------- strings
    versions.stage_name,
    versions.stage_category,
    versions.forecast_category,
    versions.opportunity_type,
    versions.segment,
    versions.currency_code,
    versions.evidence,
    case when versions.amount is not null then coalesce(cut.rate_kind, 'missing') end as rate_kind,

    ---------- numerics
    row_number() over (partition by versions.opportunity_key order by versions.version_number, cut.balance_from_at) as balance_number,
    versions.amount,
    versions.probability,
    cut.units_per_corporate,
    {{ corporate_amount('versions.amount', 'cut.units_per_corporate') }} as corporate_amount,

    ---------- booleans
    versions.is_deleted,
    versions.is_open,
    versions.is_pipeline,
    versions.is_won,
    versions.is_lost,

    ---------- dates
    versions.close_date,

    ---------- timestamps
    coalesce(cut.balance_from_at, versions.valid_from_at) as balance_from_at,
    case when cut.opportunity_key is null then versions.valid_to_at else cut.balance_to_at end as balance_to_at
from versions
left join cut
    on versions.opportunity_key = cut.opportunity_key
    and versions.version_number = cut.version_number
