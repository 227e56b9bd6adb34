{#-
    What a raw table really has: {column name as declared: {table, name, data_type} as landed} for one instance of a
    system, or none when the table is not there. Names match in lower case with underscores stripped, so `account_id`,
    `AccountId` and `accountid` are one column; `raw_column_names` in the settings names what an administrator
    renamed; an instance that has no column of that name keeps the column's own.
    `landed` is what `landed_schemas` found.
-#}
{% macro raw_columns(system, table, instance, landed) %}
    {%- set columns = plumbline.landed_columns(landed.get(plumbline.schema_of(instance), {}), table) -%}
    {{ return(plumbline.match_columns(system, table, columns) if columns else none) }}
{% endmacro %}


{#- Without a connection (`--no-introspect`) every declared column counts as present. -#}
{% macro all_declared_columns(system, table) %}
    {%- set present = {} -%}
    {%- for name in plumbline.declared_table(system, table).columns -%}
        {%- do present.update({name: {"table": table, "name": name, "data_type": none}}) -%}
    {%- endfor -%}
    {{ return(present) }}
{% endmacro %}


{#- Declared columns found among landed ones. An exact name goes before one that only sounds the same. -#}
{% macro match_columns(system, table, landed) %}
    {%- set by_spelling = {} -%}
    {%- for column in landed -%}
        {%- do by_spelling.setdefault(plumbline.spelling(column.name), column) -%}
    {%- endfor -%}
    {%- set by_name = {} -%}
    {%- for column in landed -%}
        {%- do by_name.update({column.name: column}) -%}
    {%- endfor -%}
    {%- set renamed = var("raw_column_names").get(system, {}).get(table, {}) -%}
    {%- set present = {} -%}
    {%- for column in plumbline.declared_table(system, table).columns.values() -%}
        {%- set given = [renamed[column.name]] if column.name in renamed else [] -%}
        {%- set names = given + [column.name] + column.get("config", {}).get("meta", {}).get("also", []) -%}
        {%- for name in names if column.name not in present -%}
            {%- set found = by_name.get(name, by_spelling.get(plumbline.spelling(name))) -%}
            {%- if found is not none -%}
                {%- do present.update({column.name: found}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(present) }}
{% endmacro %}


{#- A name as all loaders would spell it once case and underscores are taken away; a leading underscore marks a loader's own column and stays. -#}
{% macro spelling(name) %}
    {{ return(("_" if name.startswith("_") else "") ~ (name | lower | replace("_", ""))) }}
{% endmacro %}


{#-
    What `_<system>__sources.yml` declares for a raw table, and with it the columns that `custom_columns` in the settings
    add, under their own names: so they are found, parsed and counted as all others are.
-#}
{% macro declared_table(system, table) %}
    {%- set found = graph.sources.get("source." ~ project_name ~ "." ~ system ~ "." ~ table) -%}
    {%- if not found -%}
        {{ exceptions.raise_compiler_error("no source table " ~ system ~ "." ~ table ~ " is declared in the sources file of " ~ system) }}
    {%- endif -%}
    {%- set columns = dict(found.columns) -%}
    {%- for column in var("custom_columns").get(system, {}).get(table, []) -%}
        {%- do columns.update({column.column: {"name": column.column, "data_type": column.type}}) -%}
    {%- endfor -%}
    {{ return(dict(found, columns=columns)) }}
{% endmacro %}


{#-
    The tables of all instances of a system as they landed, or only those that sound like `table`:
    {schema: {table: [{table, name, data_type}, …]}}. One query per database: catalogs are slow to read.
-#}
{% macro landed_schemas(system, table=none) %}
    {%- set databases = {} -%}
    {%- for instance in var("raw_instances").get(system, []) -%}
        {%- do databases.setdefault(plumbline.database_of(instance), []).append(instance.schema) -%}
    {%- endfor -%}
    {%- set schemas = {} -%}
    {%- for database, names in databases.items() -%}
        {%- for row in run_query(plumbline.landed_columns_query(database, names, table)).rows -%}
            {%- set tables = schemas.setdefault(database ~ "." ~ row[0] | lower, {}) -%}
            {%- do tables.setdefault(row[1], []).append({"table": row[1], "name": row[2], "data_type": row[3] | lower}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(schemas) }}
{% endmacro %}


{#- The database of an instance's raw schema; empty in the settings: the one that is built. -#}
{% macro database_of(instance) %}
    {{ return(instance.get("database", var("raw_database") or target.database)) }}
{% endmacro %}


{% macro schema_of(instance) %}
    {{ return(plumbline.database_of(instance) ~ "." ~ instance.schema | lower) }}
{% endmacro %}


{#- The columns of the landed table that a declared one is read from: its own name goes before names that only sound the same. -#}
{% macro landed_columns(landed_tables, table) %}
    {%- set found = [] -%}
    {%- for name in landed_tables if plumbline.spelling(name) == plumbline.spelling(table) -%}
        {%- do found.append(name) -%}
    {%- endfor -%}
    {{ return(landed_tables.get(table, landed_tables[found[0]] if found else none)) }}
{% endmacro %}


{#- Reads table_schema, table_name, column_name, data_type of raw schemas, in an order that never changes. -#}
{% macro landed_columns_query(database, schemas, table) -%}
    select table_schema, table_name, column_name, data_type
    from {{ adapter.dispatch("raw_information_schema", "plumbline")(database, schemas) }}
    where lower(table_schema) in ({% for schema in schemas %}'{{ schema | lower }}'{{ ", " if not loop.last }}{% endfor %})
        {%- if target.type == "duckdb" %}
        and table_catalog = '{{ database }}'
        {%- endif %}
        {%- if table is not none %}
        and replace(lower(table_name), '_', '') = '{{ table | replace("_", "") }}'
        {%- endif %}
    order by table_schema, table_name, ordinal_position
{%- endmacro %}

{% macro default__raw_information_schema(database, schemas) -%}
    {{ database }}.information_schema.columns
{%- endmacro %}

{% macro duckdb__raw_information_schema(database, schemas) -%}
    information_schema.columns
{%- endmacro %}

{#- One catalog per dataset there. -#}
{% macro bigquery__raw_information_schema(database, schemas) -%}
    (
        {%- for schema in schemas %}
        select table_schema, table_name, column_name, data_type, ordinal_position
        from `{{ database }}`.`{{ schema }}`.INFORMATION_SCHEMA.COLUMNS
        {{ "union all" if not loop.last }}
        {%- endfor %}
    ) as landed
{%- endmacro %}
