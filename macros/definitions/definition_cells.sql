{#-
    How often each combination of answers occurs, from rows that have a column `answer_<n>` for the n-th side and
    `record_count`: one row for each pair of sides and group, with the four cells of both, only the first, only the
    second and neither. `groups` are columns that stay.
-#}
{% macro definition_cells(sides, relation, groups, measures) %}
    {%- for pair in definition_pairs(sides) %}
    {%- set first = "answer_" ~ sides.index(pair.first) %}
    {%- set second = "answer_" ~ sides.index(pair.second) %}
    {%- if not loop.first %}

    union all
    {% endif %}
    select
        {{ groups | join(", ") }},
        '{{ pair.term }}' as term,
        '{{ pair.first.side }}' as first_side,
        '{{ pair.first.team }}' as first_team,
        '{{ pair.second.side }}' as second_side,
        '{{ pair.second.team }}' as second_team
        {%- for measure, name in measures.items() %},
        sum(case when {{ first }} and {{ second }} then {{ measure }} else 0 end) as both_{{ name }},
        sum(case when {{ first }} and not {{ second }} then {{ measure }} else 0 end) as only_first_{{ name }},
        sum(case when {{ second }} and not {{ first }} then {{ measure }} else 0 end) as only_second_{{ name }},
        sum(case when not {{ first }} and not {{ second }} then {{ measure }} else 0 end) as neither_{{ name }}
        {%- endfor %}
    from {{ relation }}
    group by {{ groups | join(", ") }}
    {%- endfor %}
{% endmacro %}
