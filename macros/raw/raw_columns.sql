{#- Without a connection (`--no-introspect`) every declared column counts as present. -#}
{% macro all_declared_columns(system, table) %}
    {%- set present = {} -%}
    {%- for name in plumbline.declared_table(system, table).columns -%}
        {%- do present.update({name: {"table": table, "name": name, "data_type": none}}) -%}
    {%- endfor -%}
    {{ return(present) }}
{% endmacro %}


{#-
    What a raw table really has, as {column name as declared: {table, name, data_type} as landed}. Names match in lower
    case with underscores stripped, so `account_id`, `AccountId` and `accountid` are one column, an exact name before
    one that only sounds the same; `raw_column_names` in the settings names what an administrator renamed; an instance
    that has no column of that name keeps the column's own. A column found under an `also` name says so.
-#}
{% macro match_columns(system, table, landed) %}
    {%- set by_spelling = {} -%}
    {%- set by_name = {} -%}
    {%- for column in landed -%}
        {%- do by_spelling.setdefault(column.spelling, column) -%}
        {%- do by_name.update({column.name: column}) -%}
    {%- endfor -%}
    {%- set renamed = var("raw_column_names").get(system, {}).get(table, {}) -%}
    {%- set present = {} -%}
    {%- for column in plumbline.declared_table(system, table).columns.values() -%}
        {%- set given = [renamed[column.name]] if column.name in renamed else [] -%}
        {%- set names = given + [column.name] + column.get("config", {}).get("meta", {}).get("also", []) -%}
        {%- for name in names if column.name not in present -%}
            {%- set found = by_name[name] if name in by_name else by_spelling.get(plumbline.spelling(name)) -%}
            {%- if found is not none -%}
                {%- do present.update({column.name: dict(found, is_other_name=loop.index > given | length + 1)}) -%}
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
    The tables of all instances of a system as they landed, or only those that `table` may be read from:
    {schema: {table: [{table, name, data_type, spelling, table_spelling}, …]}}. One query per database: catalogs are slow to read.
-#}
{% macro landed_schemas(system, table=none) %}
    {%- set databases = {} -%}
    {%- for instance in var("raw_instances").get(system, []) -%}
        {%- do databases.setdefault(plumbline.database_of(instance), []).append(instance.schema) -%}
    {%- endfor -%}
    {%- set schemas = {} -%}
    {%- for database, names in databases.items() -%}
        {%- for row in run_query(plumbline.landed_columns_query(database, names, plumbline.names_to_look_for(system, table))).rows -%}
            {%- set tables = schemas.setdefault(database ~ "." ~ row[0] | lower, {}) -%}
            {%- set column = {"table": row[1], "name": row[2], "data_type": row[3] | lower} -%}
            {#- Once for each column, and without a call: thousands of them are compared. -#}
            {%- do column.update({"spelling": ("_" if row[2].startswith("_") else "") ~ row[2].lower().replace("_", "")}) -%}
            {%- do column.update({"table_spelling": ("_" if row[1].startswith("_") else "") ~ row[1].lower().replace("_", "")}) -%}
            {%- do tables.setdefault(row[1], []).append(column) -%}
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


{#- The columns of the first landed table with one of the names: an exact name goes before one that only sounds the same. -#}
{% macro landed_columns(landed_tables, names) %}
    {%- for name in names -%}
        {%- if name in landed_tables -%}
            {{ return(landed_tables[name]) }}
        {%- endif -%}
        {%- set wanted = plumbline.spelling(name) -%}
        {%- for columns in landed_tables.values() if columns[0].table_spelling == wanted -%}
            {{ return(columns) }}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(none) }}
{% endmacro %}


{#- What the names of landed tables that a declared one may be read from start with, in one spelling; none for all tables of the system. -#}
{% macro names_to_look_for(system, table) %}
    {%- if table is none -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set meta = plumbline.declared_table(system, table).config.meta -%}
    {%- set names = ["dltloads", table] + meta.get("also", []) -%}
    {%- for reading in meta.get("nested", []) -%}
        {%- do names.extend(reading.tables) -%}
    {%- endfor -%}
    {{ return(names | map("lower") | map("replace", "_", "") | unique | list) }}
{% endmacro %}


{#- Reads table_schema, table_name, column_name, data_type of raw schemas, in an order that never changes. -#}
{% macro landed_columns_query(database, schemas, names) -%}
    select table_schema, table_name, column_name, data_type
    from {{ adapter.dispatch("raw_information_schema", "plumbline")(database, schemas) }}
    where lower(table_schema) in ({% for schema in schemas %}'{{ schema | lower }}'{{ ", " if not loop.last }}{% endfor %})
        {%- if target.type == "duckdb" %}
        and table_catalog = '{{ database }}'
        {%- endif %}
        {%- if names is not none %}
        and (
            {%- for name in names %}
            {{ "or " if not loop.first }}replace(lower(table_name), '_', '') like '{{ name }}%'
            {%- endfor %}
        )
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
