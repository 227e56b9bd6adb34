{#- Double entry: every stretch of an opportunity comes in where it begins and goes out, with the same amounts, where it ends. -#}
with

balances as (

    select * from {{ ref('int_opportunity_balances') }}

),

entries as (

    {% for side, sign, offset, moved_at in [('in', 1, 0, 'balance_from_at'), ('out', -1, 1, 'balance_to_at')] -%}
    select
        opportunity_key,
        balance_number + {{ offset }} as boundary_number,
        '{{ side }}' as side,
        {{ sign }} as sign,
        {{ moved_at }} as moved_at,
        version_number, account_key, account_id, owner_user_key, stage_name, stage_category, forecast_category,
        opportunity_type, segment, currency_code, evidence, rate_kind, amount, corporate_amount, units_per_corporate,
        is_deleted, is_open, is_pipeline, is_won, is_lost, close_date
    from balances
    {% if side == 'out' -%}
    where balance_to_at is not null
    {%- else -%}
    union all
    {%- endif %}
    {% endfor %}

),

versions as (

    select opportunity_key, valid_from_at
    from {{ ref('fct_opportunity_versions') }}

)

select
    ---------- ids
    entries.opportunity_key,
    cast(entries.boundary_number as {{ dbt.type_int() }}) as boundary_number,
    entries.side,
    entries.version_number,
    entries.account_key,
    entries.account_id,
    entries.owner_user_key,

    ---------- strings
    -- a boundary that is no version's is the rate's alone
    case when versions.opportunity_key is null then 'revaluation' else 'change' end as entry_kind,
    entries.stage_name,
    entries.stage_category,
    entries.forecast_category,
    entries.opportunity_type,
    entries.segment,
    entries.currency_code,
    entries.evidence,
    entries.rate_kind,

    ---------- numerics
    entries.sign as opportunity_count,
    cast(entries.sign * coalesce(entries.amount, 0) as {{ type_decimal(18, 2) }}) as amount,
    cast(entries.sign * entries.corporate_amount as {{ type_decimal(18, 2) }}) as corporate_amount,
    entries.units_per_corporate,

    ---------- booleans
    entries.amount is not null as has_amount,
    entries.amount is not null and entries.corporate_amount is null as is_rate_missing,
    entries.is_deleted,
    entries.is_open,
    entries.is_pipeline,
    entries.is_won,
    entries.is_lost,

    ---------- dates
    entries.close_date,
    {{ business_date('entries.moved_at') }} as movement_date,

    ---------- timestamps
    entries.moved_at
from entries
left join versions
    on entries.opportunity_key = versions.opportunity_key
    and entries.moved_at = versions.valid_from_at
