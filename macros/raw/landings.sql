{#-
    Every raw table of a system as it landed, instance by instance: {instance, table (its declared name, or as landed
    where no model reads it), is_used, present (its columns, see `raw_columns`)}.
    Without a connection: every declared table, in one instance, complete.
-#}
{% macro landings(system) %}
    {%- if not execute -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set declared = graph.sources.values() | selectattr("source_name", "equalto", system) | map(attribute="name") | list -%}
    {%- set found = [] -%}
    {%- if not flags.INTROSPECT -%}
        {%- for table in declared -%}
            {%- do found.append({"instance": {"name": "main"}, "table": table, "is_used": true, "present": plumbline.all_declared_columns(system, table)}) -%}
        {%- endfor -%}
        {{ return(found) }}
    {%- endif -%}
    {%- set schemas = plumbline.landed_schemas(system) -%}
    {%- for instance in var("raw_instances").get(system, []) -%}
        {%- set landed_tables = schemas.get(plumbline.schema_of(instance), {}) -%}
        {%- set used = [] -%}
        {%- for table in declared -%}
            {%- set landed = plumbline.landed_columns(landed_tables, table) -%}
            {%- if landed -%}
                {%- do used.append(landed[0].table) -%}
                {%- do found.append({"instance": instance, "table": table, "is_used": true, "present": plumbline.match_columns(system, table, landed)}) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for table in landed_tables if table not in used -%}
            {%- do found.append({"instance": instance, "table": table, "is_used": false, "present": {}}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{#- Whether a model reads a raw row at all: not where it is an old version. -#}
{% macro is_read(system, landing) -%}
    {%- set mode = plumbline.history_mode(system, landing.table, landing.present) -%}
    {%- if mode == "current" -%}
        {{ plumbline.is_current_version(plumbline.declared_table(system, landing.table).columns, landing.present) }}
    {%- else -%}
        {{ "1 = 0" if mode == "excluded" else "1 = 1" }}
    {%- endif -%}
{%- endmacro %}


{#- The key of a raw row as one text, NULL where a part of it is missing; its parts are the `key` in the table's meta. -#}
{% macro raw_record_id(system, landing) -%}
    {%- set node = plumbline.declared_table(system, landing.table) -%}
    {%- set parts = [] -%}
    {%- for name in node.config.meta.key -%}
        {%- set column = node.columns[name] -%}
        {%- set landed = plumbline.raw_expression(column, landing.present, [landing]) -%}
        {%- if column.get("config", {}).get("meta", {}).get("is_salesforce_id") -%}
            {%- do parts.append(plumbline.salesforce_id(landed)) -%}
        {%- elif column.data_type == "integer" -%}
            {%- do parts.append("cast(" ~ plumbline.try_integer(landed) ~ " as " ~ dbt.type_string() ~ ")") -%}
        {%- else -%}
            {%- do parts.append(plumbline.text(landed)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if plumbline.history_mode(system, landing.table, landing.present) == "kept" -%}
        {%- set started = plumbline.raw_expression(node.columns["_fivetran_start"], landing.present, [landing]) -%}
        {%- do parts.append("cast(" ~ plumbline.try_timestamp(started) ~ " as " ~ dbt.type_string() ~ ")") -%}
    {%- endif -%}
    {{ parts | join(" || '|' || ") }}
{%- endmacro %}
