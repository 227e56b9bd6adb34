{#-
    What a raw table really has: {column name as declared: {name, data_type} as landed} for one instance of a system,
    or none when the table is not there. Names match in lower case with underscores stripped, so `account_id`,
    `AccountId` and `accountid` are one column; `raw_column_names` in the settings renames what an administrator renamed.
    Without a connection (`--no-introspect`) every declared column counts as present.
-#}
{% macro raw_columns(system, table, instance) %}
    {%- set declared = plumbline.declared_columns(system, table) -%}
    {%- if not flags.INTROSPECT -%}
        {%- set present = {} -%}
        {%- for column in declared.values() -%}
            {%- do present.update({column.name: {"name": column.name, "data_type": none}}) -%}
        {%- endfor -%}
        {{ return(present) }}
    {%- endif -%}

    {%- set landed = plumbline.landed_columns(system, table, instance) -%}
    {%- if not landed -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set by_spelling = {} -%}
    {%- for column in landed -%}
        {%- do by_spelling.setdefault(plumbline.spelling(column.name), column) -%}
    {%- endfor -%}
    {%- set renamed = var("raw_column_names", {}).get(system, {}).get(table, {}) -%}
    {%- set present = {} -%}
    {%- for column in declared.values() -%}
        {%- set names = [renamed.get(column.name, column.name)] -%}
        {%- if column.name not in renamed -%}
            {%- do names.extend(column.get("config", {}).get("meta", {}).get("also", [])) -%}
        {%- endif -%}
        {%- for name in names if column.name not in present and plumbline.spelling(name) in by_spelling -%}
            {%- do present.update({column.name: by_spelling[plumbline.spelling(name)]}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(present) }}
{% endmacro %}


{#- A name as all loaders would spell it once case and underscores are taken away; a leading underscore marks a loader's own column and stays. -#}
{% macro spelling(name) %}
    {%- set mark = "_" if name.startswith("_") else "" -%}
    {{ return(mark ~ (name | lower | replace("_", ""))) }}
{% endmacro %}


{#- The columns that `_<system>__sources.yml` declares for a raw table. -#}
{% macro declared_columns(system, table) %}
    {%- set found = graph.sources.values() | selectattr("source_name", "equalto", system) | selectattr("name", "equalto", table) | list -%}
    {%- if not found -%}
        {{ exceptions.raise_compiler_error("no source table " ~ system ~ "." ~ table ~ " is declared in the sources file of " ~ system) }}
    {%- endif -%}
    {{ return(found[0].columns) }}
{% endmacro %}


{% macro landed_columns(system, table, instance) %}
    {{ return(adapter.dispatch("landed_columns", "plumbline")(system, table, instance)) }}
{% endmacro %}

{#- Columns of a landed table as [{name, data_type}], whatever the case of its name; empty when it is not there. -#}
{% macro default__landed_columns(system, table, instance) %}
    {%- set query -%}
        select table_name, column_name, data_type
        from {{ plumbline.raw_information_schema(instance) }}.columns
        where lower(table_schema) = '{{ instance.schema | lower }}'
            {%- if target.type == "duckdb" %} and table_catalog = '{{ instance.get("database", var("raw_database")) }}'{% endif %}
            and replace(lower(table_name), '_', '') = '{{ table | replace("_", "") }}'
        order by table_name, ordinal_position
    {%- endset -%}
    {%- set columns = [] -%}
    {%- set rows = run_query(query).rows -%}
    {%- for row in rows -%}
        {%- if row[0] == rows[0][0] -%}
            {%- do columns.append({"table": row[0], "name": row[1], "data_type": row[2] | lower}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}

{% macro raw_information_schema(instance) %}
    {%- if target.type == "duckdb" -%}
        {{ return("information_schema") }}
    {%- else -%}
        {{ return(instance.get("database", var("raw_database")) ~ ".information_schema") }}
    {%- endif -%}
{% endmacro %}
