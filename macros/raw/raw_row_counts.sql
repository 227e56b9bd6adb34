{#-
    Counts of every raw table of a system, instance by instance, each from one scan: rows in, rows that no model reads
    and why, rows without a key, distinct keys among the rest, newest load time. Read from the raw tables alone, apart
    from the staging models, so that the two can be held against each other.
-#}
{% macro raw_row_counts(system) %}
    {%- set declared = graph.sources.values() | selectattr("source_name", "equalto", system) | map(attribute="name") | list if execute else [] -%}
    {%- set selects = [] -%}
    {%- for instance in var("raw_instances").get(system, []) if execute and flags.INTROSPECT -%}
        {%- set landed_tables = plumbline.landed_tables(instance) -%}
        {%- set used = [] -%}
        {%- for table in declared -%}
            {%- set landed = plumbline.landed_columns(landed_tables, table) -%}
            {%- if landed -%}
                {%- do used.append(landed[0].table) -%}
                {%- set landing = {"instance": instance, "present": plumbline.match_columns(system, table, landed)} -%}
                {%- do selects.append(plumbline.count_used_table(system, table, landing)) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for table in landed_tables if table not in used -%}
            {%- do selects.append(plumbline.count_unused_table(instance, table)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if execute and not flags.INTROSPECT -%}
        {%- for table in declared -%}
            {%- set landing = {"instance": {"name": "main"}, "present": plumbline.raw_columns(system, table, none)} -%}
            {%- do selects.append(plumbline.count_used_table(system, table, landing)) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return((selects or [plumbline.count_no_table()]) | join("\n\n    union all\n\n    ")) }}
{% endmacro %}


{% macro count_used_table(system, table, landing) %}
    {%- set node = plumbline.declared_table(system, table) -%}
    {%- set mode = plumbline.history_mode(system, table, landing.present) -%}
    {%- set is_read = {"current": plumbline.is_current_version(node.columns, landing.present), "excluded": "false"}.get(mode, "true") -%}
    {%- set reason = {"current": "'not_current_version'", "excluded": "'record_version'"}.get(mode, "cast(null as " ~ dbt.type_string() ~ ")") -%}
    select
        '{{ landing.instance.name }}' as source_instance,
        '{{ table }}' as source_table,
        count(*) as rows_in,
        coalesce(sum(case when is_read then 0 else 1 end), 0) as rows_excluded,
        {{ reason }} as excluded_reason,
        coalesce(sum(case when is_read and record_id is null then 1 else 0 end), 0) as rows_rejected,
        count(distinct case when is_read then record_id end) as distinct_keys,
        max(loaded_at) as newest_loaded_at
    from (
        select
            {{ is_read }} as is_read,
            {{ plumbline.raw_record_id(system, table, landing.present, mode) }} as record_id,
            {{ plumbline.try_timestamp(plumbline.raw_expression(node.columns["_fivetran_synced"], landing.present, [landing])) }} as loaded_at
        from {{ plumbline.raw_relation(system, table, landing) }}
    ) as landed
{% endmacro %}


{% macro count_unused_table(instance, table) %}
    select
        '{{ instance.name }}' as source_instance,
        '{{ table }}' as source_table,
        count(*) as rows_in,
        count(*) as rows_excluded,
        'table_not_used' as excluded_reason,
        0 as rows_rejected,
        0 as distinct_keys,
        cast(null as {{ dbt.type_timestamp() }}) as newest_loaded_at
    from {{ api.Relation.create(database=instance.get("database", var("raw_database")), schema=instance.schema, identifier=table) }}
{% endmacro %}


{% macro count_no_table() %}
    select
        cast(null as {{ dbt.type_string() }}) as source_instance,
        cast(null as {{ dbt.type_string() }}) as source_table,
        0 as rows_in,
        0 as rows_excluded,
        cast(null as {{ dbt.type_string() }}) as excluded_reason,
        0 as rows_rejected,
        0 as distinct_keys,
        cast(null as {{ dbt.type_timestamp() }}) as newest_loaded_at
    where 1 = 0
{% endmacro %}


{#- The key of a raw row as one text, NULL where a part of it is missing; the parts are those of the table's meta. -#}
{% macro raw_record_id(system, table, present, mode="none") -%}
    {%- set node = plumbline.declared_table(system, table) -%}
    {%- set parts = [] -%}
    {%- for name in node.config.meta.key -%}
        {%- set column = node.columns[name] -%}
        {%- set landed = plumbline.raw_expression(column, present, [{"present": present}]) -%}
        {%- if column.get("config", {}).get("meta", {}).get("is_salesforce_id") -%}
            {%- do parts.append(plumbline.salesforce_id(landed)) -%}
        {%- elif column.data_type == "integer" -%}
            {%- do parts.append("cast(" ~ plumbline.try_integer(landed) ~ " as " ~ dbt.type_string() ~ ")") -%}
        {%- else -%}
            {%- do parts.append(plumbline.text(landed)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if mode == "kept" -%}
        {%- do parts.append("cast(" ~ plumbline.try_timestamp(plumbline.raw_expression(node.columns["_fivetran_start"], present, [{"present": present}])) ~ " as " ~ dbt.type_string() ~ ")") -%}
    {%- endif -%}
    {{ parts | join(" || '|' || ") }}
{%- endmacro %}
