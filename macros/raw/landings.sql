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
        {%- set read = [] -%}
        {%- set unfolded = [] -%}
        {%- for table in declared -%}
            {%- set landing = plumbline.find_landing(system, table, instance, landed_tables) -%}
            {%- if landing is not none -%}
                {%- do found.append(landing) -%}
                {%- do read.append(landing.rows_of) if landing.rows_of is not none -%}
                {%- do unfolded.extend(landing.unfolded) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for table in landed_tables if table not in read -%}
            {%- set reason = "read_by_its_lists" if table in unfolded else "table_not_used" -%}
            {%- do found.append({"instance": instance, "table": table, "is_used": false, "reason": reason, "present": {}}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{#-
    Where a declared table is read from in one instance, or none: {instance, table, is_used, present, relation,
    rows_of (the landed table of which each row is a row of it), unfolded (landed tables of which the lists are read)}.
    Its own name goes first, then the nested tables that hold its records, then its `also` names.
-#}
{% macro find_landing(system, table, instance, landed_tables) %}
    {%- set meta = plumbline.declared_table(system, table).config.meta -%}
    {%- set own = plumbline.landed_columns(landed_tables, [table]) -%}
    {%- if own is not none -%}
        {{ return(plumbline.flat_landing(system, table, instance, own, landed_tables)) }}
    {%- endif -%}
    {%- for reading in meta.get("nested", []) -%}
        {%- set nested = plumbline.nested_landing(system, table, instance, reading, landed_tables) -%}
        {%- if nested is not none -%}
            {{ return(nested) }}
        {%- endif -%}
    {%- endfor -%}
    {%- set other = plumbline.landed_columns(landed_tables, meta.get("also", [])) -%}
    {{ return(plumbline.flat_landing(system, table, instance, other, landed_tables) if other is not none else none) }}
{% endmacro %}


{% macro flat_landing(system, table, instance, columns, landed_tables) %}
    {%- set present = plumbline.match_columns(system, table, columns) -%}
    {%- set relation = plumbline.landed_relation(instance, columns[0].table) -%}
    {%- set load_time = plumbline.dlt_load_time(instance, columns, landed_tables) if "_fivetran_synced" not in present else none -%}
    {%- if load_time is not none -%}
        {%- do present.update({"_fivetran_synced": {"table": columns[0].table, "name": "loaded_at", "data_type": load_time.data_type}}) -%}
        {%- set relation -%}
            (
                select landed_rows.*, loads.loaded_at
                from {{ relation }} as landed_rows
                left join {{ load_time.loads }} as loads on landed_rows._dlt_load_id = loads.load_id
            ) as landed_rows
        {%- endset -%}
    {%- endif -%}
    {{ return({
        "instance": instance, "table": table, "is_used": true, "present": present,
        "relation": relation, "rows_of": columns[0].table, "unfolded": [],
    }) }}
{% endmacro %}


{% macro landed_relation(instance, name) %}
    {{ return(api.Relation.create(database=plumbline.database_of(instance), schema=instance.schema, identifier=name) | string) }}
{% endmacro %}


{#- dlt writes no load time beside its rows: each has the id of its load, and `_dlt_loads` says when that was inserted. -#}
{% macro dlt_load_time(instance, columns, landed_tables) %}
    {%- set loads = plumbline.landed_columns(landed_tables, ["_dlt_loads"]) -%}
    {%- set times = (loads or []) | selectattr("name", "equalto", "inserted_at") | list -%}
    {%- if not times or "_dlt_load_id" not in columns | map(attribute="name") -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set relation -%}
        (select load_id, max(inserted_at) as loaded_at from {{ plumbline.landed_relation(instance, loads[0].table) }} group by load_id)
    {%- endset -%}
    {{ return({"loads": relation, "data_type": times[0].data_type}) }}
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
        {%- elif column.data_type == "string" and flags.INTROSPECT and name in landing.present and plumbline.is_of_kind("decimal", landing.present[name].data_type) -%}
            {#- what landed as a number has no blanks -#}
            {%- do parts.append(landed) -%}
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
