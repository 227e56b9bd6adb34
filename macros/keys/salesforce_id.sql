{#-
    A Salesforce id in its 18-character form. A 15-character id is case-sensitive; its suffix codes, for each
    block of five characters, which of them are capitals (bit i for character i), as one of A-Z, 0-5.
    Ids of any other length stay as they are.
-#}
{% macro salesforce_id(expression) -%}
    {%- set id = plumbline.text(expression) -%}
    {%- set trimmed = "trim(" ~ expression ~ ")" -%}
    case
        when length({{ id }}) = 15
            then {{ trimmed }}
                {%- for block in range(3) %}
                || substring('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', 1
                    {%- for character in range(5) %}
                    + case when ascii(substring({{ trimmed }}, {{ block * 5 + character + 1 }}, 1)) between 65 and 90 then {{ 2 ** character }} else 0 end
                    {%- endfor -%}
                , 1)
                {%- endfor %}
        else {{ id }}
    end
{%- endmacro %}
