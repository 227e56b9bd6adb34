{#- What a `who_id` points to: the first three characters of a Salesforce id name its object. -#}
{% macro salesforce_person_object(expression) -%}
    case substring({{ expression }}, 1, 3)
        when '003' then 'contact'
        when '00Q' then 'lead'
    end
{%- endmacro %}
