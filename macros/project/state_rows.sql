{#-
    Rows that earlier published runs left: a table of the schema that the setting `state_schema` names. The night fills it from
    `state/` before it builds; elsewhere whoever runs dbt keeps it there. Where there is none, no rows in the same types.
    Arguments: the table, and its columns with their types.
-#}
{% macro state_rows(table, columns) %}
    {%- set relation = api.Relation.create(database=target.database, schema=var('state_schema'), identifier=table) -%}
    {%- set is_there = not flags.INTROSPECT or (execute and adapter.get_relation(target.database, var('state_schema'), table) is not none) -%}
    select
        {%- for name, type in columns.items() %}
        cast({{ name if is_there else 'null' }} as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    {{ 'from ' ~ relation if is_there else 'where 1 = 0' }}
{% endmacro %}


{#- The run that builds, for what it publishes to name it; plain dbt publishes nothing. Looked up while a model runs: another name must not parse the project anew. -#}
{% macro run_id() -%}
    '{{ env_var("PLUMBLINE_RUN", "unpublished") if execute else "unpublished" }}'
{%- endmacro %}
