{#-
    The forecast bucket in one spelling, from the CRM's internal value or its label; `Forecast` is the
    internal name of what people read as Commit. An unknown bucket stays NULL.
-#}
{% macro forecast_category(expression) -%}
    case lower(replace(replace({{ expression }}, ' ', ''), '_', ''))
        when 'pipeline' then 'pipeline'
        when 'bestcase' then 'best_case'
        when 'mostlikely' then 'most_likely'
        when 'forecast' then 'commit'
        when 'commit' then 'commit'
        when 'closed' then 'closed'
        when 'omitted' then 'omitted'
    end
{%- endmacro %}
