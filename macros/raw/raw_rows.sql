{#-
    The `source` step of a staging model: the declared columns of a raw table, over all configured instances of
    its system. Absorbs how loaders spell columns, yields NULL for a column that is absent, and no rows for a
    table or a whole system that is absent. Tables in history mode give their current rows, unless
    `all_versions`. Types and casts are not its business: they stand in the `renamed` step.
-#}
{% macro raw_rows(system, table, all_versions=false) %}
    {%- set relation = source(system, table) -%}
    {%- if not execute -%}
        {{ return("select * from " ~ relation) }}
    {%- endif -%}
    {%- set declared = plumbline.declared_columns(system, table) -%}
    {%- set selects = [] -%}
    {%- for instance in var("raw_instances").get(system, []) -%}
        {%- set present = plumbline.raw_columns(system, table, instance) -%}
        {%- if present is not none -%}
            {%- do selects.append(plumbline.raw_select(relation, declared, present, instance, table, all_versions)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not selects -%}
        {%- do selects.append(plumbline.raw_select_nothing(declared)) -%}
    {%- endif -%}
    {{ return(selects | join("\n    union all\n    ")) }}
{% endmacro %}


{% macro raw_select(relation, declared, present, instance, table, all_versions) %}
    {%- set landed_name = (present.values() | map(attribute="table", default=table) | list + [table])[0] -%}
    {%- set landed = api.Relation.create(
        database=instance.get("database", var("raw_database")), schema=instance.schema, identifier=landed_name
    ) if flags.INTROSPECT else relation -%}
    select
        '{{ instance.name }}' as source_instance
        {%- for name in declared %},
        {% if name in present -%}
            {{ adapter.quote(present[name].name) if flags.INTROSPECT else name }} as {{ name }}
        {%- else -%}
            cast(null as {{ dbt.type_string() }}) as {{ name }}
        {%- endif -%}
        {%- endfor %}
    from {{ landed }}
    {%- if not all_versions and "_fivetran_start" in present and flags.INTROSPECT %}
    where {{ plumbline.try_boolean(adapter.quote(present["_fivetran_active"].name) if "_fivetran_active" in present else "true") }}
    {%- endif -%}
{% endmacro %}


{% macro raw_select_nothing(declared) %}
    select
        cast(null as {{ dbt.type_string() }}) as source_instance
        {%- for name in declared %},
        cast(null as {{ dbt.type_string() }}) as {{ name }}
        {%- endfor %}
    where 1 = 0
{% endmacro %}
