with

balances as (

    select
        account_key, owner_user_key, segment, currency_code, amount, corporate_amount, close_date,
        case when amount is not null and corporate_amount is null then 1 else 0 end as rate_missing_count,
        {{ business_date('balance_from_at') }} as from_date,
        coalesce({{ business_date('balance_to_at') }}, {{ far_date() }}) as to_date
    from {{ ref('int_opportunity_balances') }}
    where is_pipeline

),

as_of as (

    select * from {{ ref('as_of') }}

),

periods as (

    select periods.period_key, periods.start_date, periods.next_start_date
    from {{ ref('dim_periods') }} as periods
    inner join as_of
        on periods.start_date <= as_of.as_of_date
    where periods.period_type in ('month', 'quarter')

),

-- what stands when a day begins came before it and left on it or later
standing as (

    {% for scope in ['all', 'due'] -%}
    {% set scope_loop = loop -%}
    {% for moment, day in [('opening', 'start_date'), ('closing', 'next_start_date')] -%}
    select
        periods.period_key, '{{ scope }}' as pipeline_scope, balances.account_key, balances.owner_user_key, balances.segment, balances.currency_code,
        {% for other in ['opening', 'closing'] -%}
        {{ '1' if other == moment else '0' }} as {{ other }}_count,
        {{ 'balances.rate_missing_count' if other == moment else '0' }} as {{ other }}_rate_missing_count,
        {{ 'coalesce(balances.amount, 0)' if other == moment else '0' }} as {{ other }}_amount,
        {{ 'coalesce(balances.corporate_amount, 0)' if other == moment else '0' }} as {{ other }}_corporate_amount{{ ',' if not loop.last }}
        {% endfor -%}
    from periods
    inner join balances
        on balances.from_date < periods.{{ day }}
        and balances.to_date >= periods.{{ day }}
        {% if scope == 'due' -%}
        and balances.close_date >= periods.start_date
        and balances.close_date < periods.next_start_date
        {%- endif %}
    {{ 'union all' if not (loop.last and scope_loop.last) }}
    {% endfor -%}
    {% endfor %}

)

select
    ---------- ids
    standing.period_key,
    standing.pipeline_scope,
    standing.account_key,
    standing.owner_user_key,

    ---------- strings
    standing.segment,
    standing.currency_code,

    ---------- numerics
    cast(sum(standing.opening_count) as {{ dbt.type_int() }}) as opening_count,
    cast(sum(standing.opening_rate_missing_count) as {{ dbt.type_int() }}) as opening_rate_missing_count,
    cast(sum(standing.opening_amount) as {{ type_decimal(18, 2) }}) as opening_amount,
    cast(sum(standing.opening_corporate_amount) as {{ type_decimal(18, 2) }}) as opening_corporate_amount,
    cast(sum(standing.closing_count) as {{ dbt.type_int() }}) as closing_count,
    cast(sum(standing.closing_rate_missing_count) as {{ dbt.type_int() }}) as closing_rate_missing_count,
    cast(sum(standing.closing_amount) as {{ type_decimal(18, 2) }}) as closing_amount,
    cast(sum(standing.closing_corporate_amount) as {{ type_decimal(18, 2) }}) as closing_corporate_amount
from standing
group by standing.period_key, standing.pipeline_scope, standing.account_key, standing.owner_user_key, standing.segment, standing.currency_code
