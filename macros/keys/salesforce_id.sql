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
    The same by way of lists, with the id, the block and the character each named once: each staging model plans several such
    ids, and the whole expression written out takes several times as long to plan.
-#}
{% macro duckdb__salesforce_id_with_suffix(id) -%}
    list_transform([{{ id }}], lambda short_id: short_id || array_to_string(list_transform([1, 6, 11], lambda block:
        substring('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', 1 + cast(list_sum(list_transform([0, 1, 2, 3, 4], lambda place:
            case when ascii(substring(short_id, block + place, 1)) between 65 and 90 then 1 << place else 0 end
        )) as bigint), 1)
    ), ''))[1]
{%- endmacro %}
