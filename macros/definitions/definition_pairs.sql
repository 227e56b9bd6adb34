{#- Every two sides of one term, each pair once: the shared version first, then the teams' versions by name. -#}
{% macro definition_pairs(sides) %}
    {%- set pairs = [] -%}
    {%- for first in sides -%}
        {%- for second in sides[loop.index:] if second.term == first.term -%}
            {%- do pairs.append({"term": first.term, "first": first, "second": second}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(pairs) }}
{% endmacro %}
