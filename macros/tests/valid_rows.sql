{#- Rows that break what a table promises, by rule: one test, where one for each rule would each be a node of dbt's. -#}
{% test valid_rows(model, complete=[], unique=[], accepted={}) %}
with

supplied as (

    select * from {{ model }}

),

broken as (

    {%- for column in complete %}
    {{ "union all" if not loop.first }}
    select
        '{{ column }} is missing' as rule_name,
        count(*) as broken_rows
    from supplied
    where {{ column }} is null
    {%- endfor %}
    {%- for column in unique %}
    {{ "union all" if complete or not loop.first }}
    select
        '{{ column }} stands twice' as rule_name,
        count({{ column }}) - count(distinct {{ column }}) as broken_rows
    from supplied
    {%- endfor %}
    {%- for column, values in accepted.items() %}
    {{ "union all" if complete or unique or not loop.first }}
    select
        '{{ column }} is none of {{ values | join(", ") }}' as rule_name,
        count(*) as broken_rows
    from supplied
    where {{ column }} not in ('{{ values | join("', '") }}')
    {%- endfor %}

)

select * from broken
where broken_rows > 0
{% endtest %}
