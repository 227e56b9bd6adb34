{#-
    How views and tables come to stand on DuckDB. The adapter builds beside, renames and drops, each a statement of its
    own: a third of what a small model costs. DuckDB replaces a relation within one transaction, whole or not at all.
-#}
{% materialization view, adapter="duckdb" %}
    {{ return(replace_relation("view")) }}
{% endmaterialization %}


{% materialization table, adapter="duckdb" %}
    {{ return(replace_relation("table")) }}
{% endmaterialization %}


{% macro replace_relation(type) %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set relation = this.incorporate(type=type) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement("main") -%}
        {%- if existing is not none %}
            drop {{ existing.type }} {{ existing }};
        {%- endif %}
        {{ get_create_view_as_sql(relation, compiled_code) if type == "view" else create_table_as(False, relation, compiled_code) }}
    {%- endcall -%}
    {% do create_indexes(relation) %}
    {% do apply_grants(relation, config.get("grants"), should_revoke(existing, full_refresh_mode=True)) %}
    {% do persist_docs(relation, model) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [relation]}) }}
{% endmacro %}
