-- Current truth: what the CRM holds as deleted is not here, it stays in the versions and movements.
with

opportunities as (

    select * from {{ ref('int_opportunities_resolved') }}

),

corporate_amounts as (

    select * from {{ ref('int_opportunity_corporate_amounts') }}

),

progress as (

    select * from {{ ref('int_opportunity_progress') }}

),

lines as (

    select opportunity_key, count(*) as line_count, sum(total_price_amount) as lines_amount
    from {{ ref('int_opportunity_lines') }}
    group by opportunity_key

)

select
    ---------- ids
    opportunities.opportunity_key,
    opportunities.source_system,
    opportunities.source_instance,
    opportunities.source_record_id,
    opportunities.opportunity_id,
    opportunities.account_key,
    opportunities.owner_user_key,
    opportunities.campaign_id,

    ---------- strings
    opportunities.opportunity_name,
    opportunities.opportunity_type,
    opportunities.source_opportunity_type,
    opportunities.stage_name,
    opportunities.stage_category,
    opportunities.forecast_category,
    opportunities.lead_source,
    opportunities.segment,
    opportunities.currency_code,
    corporate_amounts.corporate_currency_code,
    corporate_amounts.rate_basis,
    corporate_amounts.rate_kind,

    ---------- numerics
    opportunities.amount,
    corporate_amounts.corporate_amount,
    corporate_amounts.budget_corporate_amount,
    corporate_amounts.units_per_corporate,
    opportunities.probability,
    -- an engine may multiply decimals in no more digits than the wider one has
    cast(cast(opportunities.amount as {{ type_decimal(28, 2) }}) * opportunities.probability as {{ type_decimal(18, 2) }}) as weighted_amount,
    opportunities.stage_sort_order,
    cast(coalesce(lines.line_count, 0) as {{ dbt.type_int() }}) as line_count,
    cast(lines.lines_amount as {{ type_decimal(18, 2) }}) as lines_amount,
    cast(progress.version_count as {{ dbt.type_int() }}) as version_count,
    cast(progress.push_count as {{ dbt.type_int() }}) as push_count,
    cast(progress.reopen_count as {{ dbt.type_int() }}) as reopen_count,
    case
        when {{ is_won('opportunities') }}
            then cast({{ dbt.datediff(business_date('opportunities.created_at'), 'coalesce(' ~ business_date('progress.won_at') ~ ', opportunities.close_date)', 'day') }} as {{ dbt.type_int() }})
    end as sales_cycle_days,

    ---------- booleans
    {{ is_open('opportunities') }} as is_open,
    {{ is_pipeline('opportunities') }} as is_pipeline,
    {{ is_won('opportunities') }} as is_won,
    {{ is_lost('opportunities') }} as is_lost,
    {{ is_opportunity('opportunities') }} as is_opportunity,
    {{ is_qualified_pipeline('opportunities') }} as is_qualified_pipeline,
    {{ is_commit('opportunities') }} as is_commit,
    {{ is_new_business('opportunities') }} as is_new_business,
    opportunities.amount is not null as has_amount,
    corporate_amounts.is_rate_missing,
    progress.has_history_gap,
    opportunities.is_deleted,

    ---------- dates
    opportunities.close_date,
    opportunities.created_date,
    corporate_amounts.rate_date,

    ---------- timestamps
    opportunities.created_at,
    case when {{ is_won('opportunities') }} then progress.won_at end as won_at,
    case when {{ is_lost('opportunities') }} then progress.lost_at end as lost_at,
    opportunities.stage_changed_at,
    opportunities.modified_at,
    progress.history_known_from,

    ---------- metadata
    opportunities.loaded_at
from opportunities
inner join corporate_amounts
    on opportunities.opportunity_key = corporate_amounts.opportunity_key
inner join progress
    on opportunities.opportunity_key = progress.opportunity_key
left join lines
    on opportunities.opportunity_key = lines.opportunity_key
where not opportunities.is_deleted
