{#-
    Counts of every raw table of a system, instance by instance, each from one scan: rows in, rows that no model reads
    and why, rows without a key, newest load time. Read from the raw tables alone, apart from the staging models, so
    that the two can be held against each other.
-#}
{% macro raw_row_counts(system) %}
    {%- set selects = [] -%}
    {%- for landing in plumbline.landings(system) -%}
        {%- do selects.append(plumbline.count_used_table(system, landing) if landing.is_used else plumbline.count_unused_table(landing)) -%}
    {%- endfor -%}
    {%- set columns = {
        "source_instance": "string", "source_table": "string", "rows_in": "bigint", "rows_excluded": "bigint",
        "excluded_reason": "string", "rows_rejected": "bigint", "newest_loaded_at": "timestamp",
    } -%}
    {{ return((selects or [plumbline.select_no_rows(columns)]) | join("\n\n    union all\n\n    ")) }}
{% endmacro %}


{% macro count_used_table(system, landing) %}
    {%- set node = plumbline.declared_table(system, landing.table) -%}
    {%- if "_fivetran_synced" not in node.columns -%}
        {{ exceptions.raise_compiler_error("the sources file of " ~ system ~ " declares no load time for " ~ landing.table ~ ": add the column _fivetran_synced, and what the loader calls it under config.meta.also") }}
    {%- endif -%}
    {%- set mode = plumbline.history_mode(system, landing.table, landing.present) -%}
    {%- set reason = {"current": "'not_current_version'", "excluded": "'record_version'"}.get(mode, "cast(null as " ~ dbt.type_string() ~ ")") -%}
    select
        '{{ landing.instance.name }}' as source_instance,
        '{{ landing.table }}' as source_table,
        count(*) as rows_in,
        coalesce(sum(case when is_read then 0 else 1 end), 0) as rows_excluded,
        {{ reason }} as excluded_reason,
        coalesce(sum(case when is_read and record_id is null then 1 else 0 end), 0) as rows_rejected,
        max(loaded_at) as newest_loaded_at
    from (
        select
            {{ plumbline.is_read(system, landing) }} as is_read,
            {{ plumbline.raw_record_id(system, landing) }} as record_id,
            {{ plumbline.try_timestamp(plumbline.raw_expression(node.columns["_fivetran_synced"], landing.present, [landing])) }} as loaded_at
        from {{ plumbline.raw_relation(system, landing.table, landing) }}
    ) as landed
{% endmacro %}


{% macro count_unused_table(landing) %}
    select
        '{{ landing.instance.name }}' as source_instance,
        '{{ landing.table }}' as source_table,
        count(*) as rows_in,
        count(*) as rows_excluded,
        '{{ landing.reason }}' as excluded_reason,
        0 as rows_rejected,
        cast(null as {{ dbt.type_timestamp() }}) as newest_loaded_at
    from {{ plumbline.landed_relation(landing.instance, landing.table) }}
{% endmacro %}
