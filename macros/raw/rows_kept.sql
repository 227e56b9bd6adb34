{#- Rows that staging kept, by instance and raw table. Argument: {raw table: the staging model that reads it}. -#}
{% macro rows_kept(staging_models) -%}
    {%- for table, staging_model in staging_models.items() %}
    select source_instance, '{{ table }}' as source_table, count(*) as row_count
    from {{ ref(staging_model) }}
    group by source_instance
    {{- "\n    union all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}
