{#-
    The `source` step of a staging model: the declared columns of a raw table, over all configured instances of
    its system. Absorbs how loaders spell columns, yields NULL for a column that is absent, and no rows for a
    table or a whole system that is absent. Tables in history mode give their current rows (see `history_mode`).
    Types and casts are not its business: they stand in the `renamed` step. It only takes care that a cast can
    be tried at all: what landed in a type of another kind than declared is handed on as trimmed text.
    `is_repeated_key` marks rows whose key occurs more than once (see `latest_rows`). It is found on the row as it
    landed: looked for after the casts, it would have all rows cast for the sake of a few.
-#}
{% macro raw_rows(system, table) %}
    {%- set relation = source(system, table) -%}
    {%- set repeated_keys = ref("stg_" ~ system ~ "__repeated_keys") -%}
    {%- if not execute -%}
        {{ return("select * from " ~ relation) }}
    {%- endif -%}
    {%- set landings = [] -%}
    {%- if not flags.INTROSPECT -%}
        {%- do landings.append({"instance": {"name": "main"}, "table": table, "present": plumbline.all_declared_columns(system, table)}) -%}
    {%- else -%}
        {%- set landed = plumbline.landed_schemas(system, table) -%}
        {%- for instance in var("raw_instances").get(system, []) -%}
            {%- set landing = plumbline.find_landing(system, table, instance, landed.get(plumbline.schema_of(instance), {})) -%}
            {%- do landings.append(landing) if landing is not none -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set selects = [] -%}
    {%- for landing in landings -%}
        {%- do selects.append(plumbline.raw_select(system, table, landing, landings, repeated_keys)) -%}
    {%- endfor -%}
    {%- if not selects -%}
        {%- set columns = {"source_instance": "string"} -%}
        {%- for name in plumbline.declared_table(system, table).columns -%}
            {%- do columns.update({name: "string"}) -%}
        {%- endfor -%}
        {%- do columns.update({"is_repeated_key": "boolean"}) -%}
        {%- do selects.append(plumbline.select_no_rows(columns)) -%}
    {%- endif -%}
    {{ return(selects | join("\n    union all\n    ")) }}
{% endmacro %}


{% macro raw_select(system, table, landing, landings, repeated_keys) %}
    {%- set declared = plumbline.declared_table(system, table).columns -%}
    {%- set mode = plumbline.history_mode(system, table, landing.present) -%}
    select
        '{{ landing.instance.name }}' as source_instance
        {%- for column in declared.values() %},
        {{ plumbline.raw_expression(column, landing.present, landings) }} as {{ column.name }}
        {%- endfor %},
        repeated_keys.repeated_record_id is not null as is_repeated_key
    from {{ plumbline.raw_relation(system, table, landing) }}
    left join (
        select record_id as repeated_record_id
        from {{ repeated_keys }}
        where source_instance = '{{ landing.instance.name }}' and source_table = '{{ table }}'
    ) as repeated_keys on {{ plumbline.raw_record_id(system, landing) }} = repeated_keys.repeated_record_id
    {%- if mode == "current" %}
    where {{ plumbline.is_current_version(declared, landing.present) }}
    {%- elif mode == "excluded" %}
    where 1 = 0
    {%- endif -%}
{% endmacro %}


{#- No rows of the given columns: {name: one of string, bigint, boolean, timestamp}. -#}
{% macro select_no_rows(columns) %}
    {%- set types = {"string": dbt.type_string(), "bigint": dbt.type_bigint(), "boolean": dbt.type_boolean(), "timestamp": dbt.type_timestamp()} -%}
    select
        {%- for name, type in columns.items() %}
        cast(null as {{ types[type] }}) as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
    where 1 = 0
{% endmacro %}


{#- What the rows are read from. Without a connection it is where the sources file says. -#}
{% macro raw_relation(system, table, landing) %}
    {%- if not flags.INTROSPECT -%}
        {{ return(builtins.source(system, table)) }}
    {%- endif -%}
    {{ return(landing.relation) }}
{% endmacro %}


{#-
    A declared column as it landed: NULL where it is absent, and text (trimmed, unless text is what it shall be) where
    it landed in a type of another kind, or in different types in different instances, which a union could not join.
-#}
{% macro raw_expression(column, present, landings) %}
    {%- if not flags.INTROSPECT -%}
        {{ return(adapter.quote(column.name)) }}
    {%- endif -%}
    {%- set types = [] -%}
    {%- for landing in landings -%}
        {%- do types.append(landing.present[column.name].data_type if column.name in landing.present else none) -%}
    {%- endfor -%}
    {%- if column.name not in present -%}
        {{ return("cast(null as " ~ dbt.type_string() ~ ")") }}
    {%- endif -%}
    {%- set landed = adapter.quote(present[column.name].name) -%}
    {%- if column.get("config", {}).get("meta", {}).get("is_marked_by_time") and present[column.name].is_other_name -%}
        {{ return("case when " ~ plumbline.text(landed) ~ " is not null then 'true' end") }}
    {%- endif -%}
    {%- if types | unique | list | length == 1 and plumbline.is_of_kind(column.data_type, types[0]) -%}
        {{ return(landed) }}
    {%- endif -%}
    {{ return("cast(" ~ landed ~ " as " ~ dbt.type_string() ~ ")" if column.data_type == "string" else plumbline.text(landed)) }}
{% endmacro %}


{#- Whether a landed type is of the kind that the sources file declares, so that a cast needs no detour by text. -#}
{% macro is_of_kind(declared, landed) %}
    {%- set kinds = {
        "string": ["varchar", "text", "string", "char", "nvarchar"],
        "decimal": ["decimal", "numeric", "number", "bignumeric", "double", "float", "real", "int", "bigint", "smallint", "tinyint", "hugeint"],
        "integer": ["decimal", "numeric", "number", "bignumeric", "double", "float", "real", "int", "bigint", "smallint", "tinyint", "hugeint"],
        "boolean": ["bool"],
        "timestamp": ["timestamp", "datetime", "date"],
        "date": ["timestamp", "datetime", "date"],
    } -%}
    {%- set found = [] -%}
    {%- for start in kinds[declared.split("(")[0]] if landed.startswith(start) -%}
        {%- do found.append(start) -%}
    {%- endfor -%}
    {{ return(found | length > 0) }}
{% endmacro %}
