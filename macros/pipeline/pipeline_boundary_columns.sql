{#- What a movement of pipeline looks at, before and after. -#}
{% macro pipeline_boundary_columns() %}
    {{ return([
        'account_key', 'account_id', 'owner_user_key', 'segment', 'currency_code', 'stage_category',
        'amount', 'corporate_amount', 'units_per_corporate',
        'is_deleted', 'is_pipeline', 'is_won', 'is_lost', 'close_date'
    ]) }}
{% endmacro %}
