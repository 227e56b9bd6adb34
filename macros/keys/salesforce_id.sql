{#-
    A Salesforce id in its 18-character form. A 15-character id is case-sensitive; its suffix codes, for each
    block of five characters, which of them are capitals (bit i for character i), as one of A-Z, 0-5.
    Ids of any other length stay as they are.
-#}
{% macro salesforce_id(expression) -%}
    {%- set id = plumbline.text(expression) -%}
    case
        when length({{ id }}) = 15 then {{ adapter.dispatch("salesforce_id_with_suffix", "plumbline")("trim(" ~ expression ~ ")") }}
        else {{ id }}
    end
{%- endmacro %}

{% macro default__salesforce_id_with_suffix(id) -%}
    {{ id }}
    {%- for block in range(3) %}
    || substring('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', 1
        {%- for character in range(5) %}
        + case when ascii(substring({{ id }}, {{ block * 5 + character + 1 }}, 1)) between 65 and 90 then {{ 2 ** character }} else 0 end
        {%- endfor -%}
    , 1)
    {%- endfor %}
{%- endmacro %}

{#-
    The same with the id named once, by way of a list of one: each staging model plans several such ids, and the plan
    of the whole expression written out eighteen times takes three times as long.
-#}
{% macro duckdb__salesforce_id_with_suffix(id) -%}
    list_transform([{{ id }}], lambda short_id: {{ plumbline.default__salesforce_id_with_suffix("short_id") }})[1]
{%- endmacro %}
