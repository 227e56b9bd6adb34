{#-
    How each canonical column of a definition is written for a relation: qualified by its alias, or replaced
    by what `columns` names for it: a column of the relation, or an expression (in brackets, as it stands).
-#}
{% macro definition_columns(macro_name, relation, names, columns) -%}
    {%- set written = {} -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {%- for name in columns if name not in names -%}
        {{- exceptions.raise_compiler_error(
            macro_name ~ " does not look at `" ~ name ~ "`; it looks at " ~ names | join(', ')
            ~ ". Mend the `columns` that it is called with."
        ) -}}
    {%- endfor -%}
    {%- for name in names -%}
        {%- set own = columns.get(name, name) -%}
        {%- set is_name = modules.re.match('^[A-Za-z_][A-Za-z0-9_]*$', own) and own | lower not in ['true', 'false', 'null'] -%}
        {%- do written.update({name: prefix ~ own if is_name else '(' ~ own ~ ')'}) -%}
    {%- endfor -%}
    {{ return(written) }}
{%- endmacro %}
