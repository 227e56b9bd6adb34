{#-
    The condition of the version in force on a day. `versions` holds (first day, condition), oldest first.
    Without a day, or where the day is unknown, the newest version judges; days before the first version
    are judged by the first.
-#}
{% macro definition_in_force(versions, as_of) -%}
    {%- if as_of is none or versions | length == 1 -%}
        {{- versions[-1][1] -}}
    {%- else -%}
        case
        {%- for first_day, condition in versions[:-1] %}
            when cast({{ as_of }} as date) < cast('{{ versions[loop.index][0] }}' as date) then {{ condition }}
        {%- endfor %}
            else {{ versions[-1][1] }}
        end
    {%- endif -%}
{%- endmacro %}
