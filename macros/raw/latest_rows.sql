{#-
    The newest version of each record: by source update time, then load time, then content (every column of the
    model, so that the winner is the same in any row order). Rows without a key are left out here and counted as
    rejected. Only keys that occur more than once are ranked: loads rarely repeat, and ranking all rows is dear.
    Arguments: the CTE to read, the key columns, and the columns that tell which version is newer.
-#}
{% macro latest_rows(relation, key, newest=["source_updated_at", "loaded_at"]) %}
    {%- set columns = model.columns.keys() | list -%}
    {%- set not_null -%}
        {% for column in key %}{{ column }} is not null{{ " and " if not loop.last }}{% endfor %}
    {%- endset -%}
    select {{ columns | map("string") | join(", ") }}
    from {{ relation }} as whole
    where {{ not_null }}
        and not exists (
            select 1
            from {{ relation }}_repeated as repeated
            where {% for column in key %}repeated.{{ column }} = whole.{{ column }}{{ " and " if not loop.last }}{% endfor %}
        )
    union all
    select {{ columns | map("string") | join(", ") }}
    from {{ relation }}_ranked
    where version_rank = 1
{% endmacro %}


{#- The helper CTEs of `latest_rows`: the keys that repeat, and their versions from newest to oldest. -#}
{% macro rank_repeated_rows(relation, key, newest=["source_updated_at", "loaded_at"]) %}
    {%- set columns = model.columns.keys() | list -%}
    {%- set ties = columns | reject("in", newest + key) | list -%}
{{ relation }}_repeated as (

    select {{ key | join(", ") }}
    from {{ relation }}
    where {% for column in key %}{{ column }} is not null{{ " and " if not loop.last }}{% endfor %}
    group by {{ key | join(", ") }}
    having count(*) > 1

),

{{ relation }}_ranked as (

    select
        {{ columns | map("string") | join(",\n        ") }},
        row_number() over (
            partition by {{ key | join(", ") }}
            order by {% for column in newest + ties %}{{ column }} desc nulls last{{ ", " if not loop.last }}{% endfor %}
        ) as version_rank
    from {{ relation }} as whole
    where exists (
        select 1
        from {{ relation }}_repeated as repeated
        where {% for column in key %}repeated.{{ column }} = whole.{{ column }}{{ " and " if not loop.last }}{% endfor %}
    )

)
{%- endmacro %}
