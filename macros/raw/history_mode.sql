{#-
    How a landed table keeps versions, told by its columns: `_fivetran_start` is there when the loader keeps versions.
    - none: one row per record, as the source has it.
    - current: versions; the one that the loader marks as active is read, the others are counted as excluded.
    - kept, excluded: a table named like the source's own history (`opportunity_history`, `account_history`) that
      lacks the column only that history has (`own_column` in its meta) holds versions of the record itself.
      `record_versions` in its meta says whether its model reads them.
-#}
{% macro history_mode(system, table, present) %}
    {%- if not flags.INTROSPECT or "_fivetran_start" not in present -%}
        {{ return("none") }}
    {%- endif -%}
    {%- set meta = plumbline.declared_table(system, table).config.meta -%}
    {%- if "own_column" in meta and meta.own_column not in present -%}
        {{ return(meta.record_versions) }}
    {%- endif -%}
    {{ return("current") }}
{% endmacro %}


{% macro is_current_version(declared, present) -%}
    {%- if "_fivetran_active" in present -%}
        coalesce({{ plumbline.try_boolean(plumbline.raw_expression(declared["_fivetran_active"], present, [{"present": present}])) }}, false)
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
