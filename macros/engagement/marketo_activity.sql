{#- One Marketo activity table, without details of its own, in the shared shape of Marketo's raw touches. -#}
{% macro marketo_activity(relation, source_object) -%}
    select
        source_instance,
        '{{ source_object }}' as source_object,
        activity_id as source_record_id,
        lead_id,
        smart_campaign_id,
        cast(null as {{ dbt.type_string() }}) as program_id,
        '{{ source_object | replace("activity_", "") }}' as source_type,
        cast(null as {{ dbt.type_string() }}) as source_detail,
        '*' as fallback_detail,
        is_deleted,
        occurred_at
    from {{ relation }}
{%- endmacro %}
