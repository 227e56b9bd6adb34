-- At the end of each month, the sides of each term beside each other, over all records whose past is known.
{%- set sides = sides_of_opportunity('stood', as_of='stood.end_date') %}
with

answers as (

    select * from {{ ref('int_opportunity_answers_monthly') }}

),

known as (

    select * from answers where not is_unknown

),

unknown as (

    select period_key, sum(record_count) as unknown_count
    from answers
    where is_unknown
    group by period_key

),

cells as (
    {{ definition_cells(sides, 'known', ['period_key', 'end_date', 'is_outcome_known'], {'record_count': 'count', 'later_won_count': 'later_won_count'}) }}

),

counted as (

    select
        cells.period_key,
        cells.end_date,
        cells.is_outcome_known,
        cells.term,
        cells.first_side,
        cells.first_team,
        cells.second_side,
        cells.second_team,
        coalesce(unknown.unknown_count, 0) as unknown_count
        {%- for cell in ['both', 'only_first', 'only_second', 'neither'] %},
        cells.{{ cell }}_count,
        cells.{{ cell }}_later_won_count,
        -- the products of the formulas are exact
        cast(cells.{{ cell }}_count as {{ type_decimal(28, 0) }}) as {{ cell }}_exact
        {%- endfor %}
    from cells
    left join unknown
        on cells.period_key = unknown.period_key

)

select
    ---------- ids
    period_key,

    ---------- strings
    'opportunity' as entity,
    term,
    first_side,
    first_team,
    second_side,
    second_team,

    ---------- numerics
    cast(both_count + only_first_count + only_second_count + neither_count as {{ dbt.type_int() }}) as record_count,
    cast(unknown_count as {{ dbt.type_int() }}) as unknown_count,
    cast(both_count as {{ dbt.type_int() }}) as both_count,
    cast(only_first_count as {{ dbt.type_int() }}) as only_first_count,
    cast(only_second_count as {{ dbt.type_int() }}) as only_second_count,
    cast(neither_count as {{ dbt.type_int() }}) as neither_count,
    {{ safe_divide('both_exact', '(both_exact + only_first_exact + only_second_exact)', 7, 4) }} as jaccard,
    {{ safe_divide(
        '(2 * (both_exact * neither_exact - only_first_exact * only_second_exact))',
        '((both_exact + only_first_exact) * (only_first_exact + neither_exact) + (both_exact + only_second_exact) * (only_second_exact + neither_exact))',
        7, 4
    ) }} as kappa,
    case when is_outcome_known then cast(both_later_won_count as {{ dbt.type_int() }}) end as both_later_won_count,
    case when is_outcome_known then cast(only_first_later_won_count as {{ dbt.type_int() }}) end as only_first_later_won_count,
    case when is_outcome_known then cast(only_second_later_won_count as {{ dbt.type_int() }}) end as only_second_later_won_count,
    case when is_outcome_known then cast(neither_later_won_count as {{ dbt.type_int() }}) end as neither_later_won_count,

    ---------- booleans
    is_outcome_known,

    ---------- dates
    end_date
from counted
