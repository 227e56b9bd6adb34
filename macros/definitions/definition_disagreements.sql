{#-
    The rows of `relation` on which two sides of a term differ, one row for each pair of sides: who says yes,
    and the criteria of the other that are not met. `key` is the relation's own key, beside its `account_key`.
-#}
{% macro definition_disagreements(sides, relation, key) %}
    {%- for pair in definition_pairs(sides) %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        {{ relation }}.{{ key }},
        {%- if key != "account_key" %}
        {{ relation }}.account_key,
        {%- endif %}
        '{{ pair.term }}' as term,
        cast({{ sides | selectattr("term", "equalto", pair.term) | map(attribute="version") | first }} as {{ dbt.type_int() }}) as version,
        '{{ pair.first.side }}' as first_side,
        '{{ pair.second.side }}' as second_side,
        case when {{ pair.first.yes }} then '{{ pair.first.side }}' else '{{ pair.second.side }}' end as yes_side,
        case when {{ pair.first.yes }} then '{{ pair.first.team }}' else '{{ pair.second.team }}' end as yes_team,
        case when {{ pair.first.yes }} then '{{ pair.second.side }}' else '{{ pair.first.side }}' end as no_side,
        case when {{ pair.first.yes }} then '{{ pair.second.team }}' else '{{ pair.first.team }}' end as no_team,
        case
            when {{ pair.first.yes }} then {{ pair.second.unmet }}
            else {{ pair.first.unmet }}
        end as unmet_criteria
    from {{ relation }}
    where ({{ pair.first.yes }}) <> ({{ pair.second.yes }})
    {%- else %}
    select
        {{ relation }}.{{ key }},
        {%- if key != "account_key" %}
        {{ relation }}.account_key,
        {%- endif %}
        cast(null as {{ dbt.type_string() }}) as term,
        cast(null as {{ dbt.type_int() }}) as version,
        cast(null as {{ dbt.type_string() }}) as first_side,
        cast(null as {{ dbt.type_string() }}) as second_side,
        cast(null as {{ dbt.type_string() }}) as yes_side,
        cast(null as {{ dbt.type_string() }}) as yes_team,
        cast(null as {{ dbt.type_string() }}) as no_side,
        cast(null as {{ dbt.type_string() }}) as no_team,
        cast(null as {{ dbt.type_string() }}) as unmet_criteria
    from {{ relation }}
    where 1 = 0
    {%- endfor %}
{% endmacro %}
