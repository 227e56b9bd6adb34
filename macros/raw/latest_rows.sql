{#-
    The newest version of each record: by source update time, then load time, then content (every column of the
    model, so that the winner is the same in any row order). Rows without a key are left out and counted as rejected.
    Loads rarely repeat, and ranking all rows is dear: which keys occur more than once is found once per run, in
    `stg_<system>__repeated_keys`; `raw_rows` marks their rows, and only those are ranked, in the CTE that
    `ranked_versions` makes.
    A row without a key is told from others in one condition with the mark: DuckDB would move a condition on the key
    alone into the scan, where it costs ten times as much.
    Arguments: the CTE to read, and its key columns.
-#}
{% macro latest_rows(relation, key) -%}
    select {{ model.columns.keys() | join(", ") }}
    from {{ relation }}
    where case when {{ key | join(" is null or ") }} is null then 'no key' when is_repeated_key then 'several versions' end is null
    union all
    select {{ model.columns.keys() | join(", ") }}
    from ranked_versions
    where version_rank = 1
{%- endmacro %}


{#-
    The CTE that `latest_rows` reads: the versions of the records that have several, from newest to oldest.
    Arguments: the CTE to read, its key columns, and the columns that tell which version is newer.
-#}
{% macro ranked_versions(relation, key, newest) -%}
    {%- set columns = model.columns.keys() | list -%}
    {%- set order = newest + (columns | reject("in", newest + key + ["source_system"]) | list) -%}
ranked_versions as (

    select
        {{ columns | join(", ") }},
        row_number() over (
            partition by {{ key | join(", ") }}
            order by {% for column in order %}{{ column }} desc nulls last{{ ", " if not loop.last }}{% endfor %}
        ) as version_rank
    from {{ relation }}
    where is_repeated_key

)
{%- endmacro %}


{#- The keys that occur more than once in each raw table of a system, with the number of their rows. -#}
{% macro repeated_keys(system) %}
    {%- set selects = [] -%}
    {%- for landing in plumbline.landings(system) if landing.is_used -%}
        {%- do selects.append(plumbline.select_repeated_keys(system, landing)) -%}
    {%- endfor -%}
    {{ return((selects or [plumbline.select_no_rows({"source_instance": "string", "source_table": "string", "record_id": "string", "row_count": "bigint"})]) | join("\n\n    union all\n\n    ")) }}
{% endmacro %}


{% macro select_repeated_keys(system, landing) %}
    select
        '{{ landing.instance.name }}' as source_instance,
        '{{ landing.table }}' as source_table,
        record_id,
        count(*) as row_count
    from (
        select {{ plumbline.raw_record_id(system, landing) }} as record_id
        from {{ plumbline.raw_relation(system, landing.table, landing) }}
        where {{ plumbline.is_read(system, landing) }}
    ) as landed
    where record_id is not null
    group by record_id
    having count(*) > 1
{% endmacro %}
