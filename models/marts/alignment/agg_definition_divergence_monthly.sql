-- At the end of each month, the sides of each term beside each other, over all records whose past is known.
{%- set outcomes = ['later_accepted', 'later_opportunity', 'later_won'] %}
{%- set cell_names = ['both', 'only_first', 'only_second', 'neither'] %}
{%- set entities = {
    'opportunity': {
        'sides': sides_of_opportunity('stood', as_of='stood.end_date'),
        'answers': ref('int_opportunity_answers_monthly'),
        'outcomes': ['later_won'],
    },
    'person': {
        'sides': sides_of_person('stood', as_of='stood.end_date'),
        'answers': ref('int_person_answers_monthly'),
        'outcomes': outcomes,
    },
} %}
with

{% for entity, read in entities.items() -%}
{{ entity }}_known as (

    select * from {{ read.answers }} where not is_unknown

),

{{ entity }}_unknown as (

    select period_key, sum(record_count) as unknown_count
    from {{ read.answers }}
    where is_unknown
    group by period_key

),

{{ entity }}_cells as (
    {% set counted = {'record_count': 'count'} -%}
    {%- for outcome in read.outcomes %}{% do counted.update({outcome ~ '_count': outcome ~ '_count'}) %}{% endfor -%}
    {{ definition_cells(read.sides, entity ~ '_known', ['period_key', 'end_date', 'is_outcome_known'], counted) }}

),

{% endfor -%}
counted as (

    {% for entity, read in entities.items() -%}
    select
        cells.period_key,
        cells.end_date,
        cells.is_outcome_known,
        '{{ entity }}' as entity,
        cells.term,
        cells.first_side,
        cells.first_team,
        cells.second_side,
        cells.second_team,
        coalesce(unknown.unknown_count, 0) as unknown_count
        {%- for cell in cell_names %},
        cells.{{ cell }}_count,
        {%- for outcome in outcomes %}
        {{ 'cells.' ~ cell ~ '_' ~ outcome ~ '_count' if outcome in read.outcomes else 'null' }} as {{ cell }}_{{ outcome }}_count,
        {%- endfor %}
        -- the products of the formulas are exact
        cast(cells.{{ cell }}_count as {{ type_decimal(28, 0) }}) as {{ cell }}_exact
        {%- endfor %}
    from {{ entity }}_cells as cells
    left join {{ entity }}_unknown as unknown
        on cells.period_key = unknown.period_key
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    ---------- ids
    period_key,

    ---------- strings
    entity,
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
    {%- for outcome in outcomes %}
    {%- for cell in cell_names %}
    case when is_outcome_known then cast({{ cell }}_{{ outcome }}_count as {{ dbt.type_int() }}) end as {{ cell }}_{{ outcome }}_count,
    {%- endfor %}
    {%- endfor %}

    ---------- booleans
    is_outcome_known,

    ---------- dates
    end_date
from counted
