{#-
    What a stage means by the CRM's own flags. A closed stage is won or lost; an open stage is work in hand.
    No flag, no meaning: NULL, which the models show as `unmapped`.
-#}
{% macro stage_category(relation) -%}
    case
        when {{ relation }}.is_won then 'won'
        when {{ relation }}.is_closed then 'lost'
        when not {{ relation }}.is_closed then 'open'
    end
{%- endmacro %}

{#- Of two stages with one name, the active one that still exists goes first. -#}
{% macro stage_penalty(relation) -%}
    case when {{ relation }}.is_deleted then 4 when {{ relation }}.is_active is not true then 2 else 0 end
{%- endmacro %}
