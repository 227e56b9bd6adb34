{#-
    Makes the tables of a raw folder, before anything is built: views over its files, in the database in memory that
    `profiles.yml` attaches when the raw data is a folder. Nothing to do for other raw data, and on other engines,
    which read their own databases. `dbt compile` runs no hooks: there every raw table counts as absent.
-#}
{% macro folder_tables() -%}
    {{ return(adapter.dispatch("folder_tables", "plumbline")()) }}
{%- endmacro %}

{% macro default__folder_tables() -%}
{%- endmacro %}

{% macro duckdb__folder_tables() -%}
    {%- set folder = env_var("PLUMBLINE_RAW", "") or var("raw_location") -%}
    {%- if execute and folder and not folder.endswith((".duckdb", ".db")) -%}
        {%- set tables = plumbline.found_folder_tables(folder) -%}
        {%- for schema in tables.values() | map(attribute="schema") | unique -%}
            create schema if not exists raw.{{ adapter.quote(schema) }};
        {%- endfor -%}
        {%- for table in tables.values() -%}
            {%- set keys = [] -%}
            {%- if table.format == "json" -%}
                {%- do keys.extend(run_query(plumbline.json_keys_query(table.files)).columns[0].values()) -%}
            {%- endif -%}
            {#- JSON lines without a member are a table without a column: as good as absent. -#}
            {%- if keys or table.format != "json" %}
            create or replace view raw.{{ adapter.quote(table.schema) }}.{{ adapter.quote(table.name) }} as
            {{ plumbline.folder_table_query(table.format, table.files, keys) }};
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}


{#- The tables of a folder: {schema and name in lower case: {schema, name, format, files}}. Which of two is meant is for a person to say. -#}
{% macro found_folder_tables(folder) %}
    {%- set schemas = [] -%}
    {%- for instances in var("raw_instances").values() -%}
        {%- for instance in instances -%}
            {%- do schemas.append(instance.schema | lower) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set tables = {} -%}
    {%- for row in run_query(plumbline.folder_files_query(folder)).rows if row[0] | lower in schemas -%}
        {%- set known = tables.setdefault((row[0] ~ "." ~ row[1]) | lower, {"schema": row[0], "name": row[1], "format": row[2], "is_in_folder": row[3], "files": []}) -%}
        {%- if known.files and not (row[3] and known.is_in_folder and known.name == row[1] and known.format == row[2]) -%}
            {{ exceptions.raise_compiler_error("two sets of files for the raw table " ~ row[0] ~ "." ~ row[1] ~ ": " ~ known.files[0] ~ " and " ~ row[4] ~ ". Remove one of them from the raw folder.") }}
        {%- endif -%}
        {%- do known.files.append(row[4]) -%}
    {%- endfor -%}
    {{ return(tables) }}
{% endmacro %}
