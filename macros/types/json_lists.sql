{#- What stands at a path inside JSON that a loader landed, as text. -#}
{% macro json_path(expression, members) -%}
    {{ return(adapter.dispatch("json_path", "plumbline")(expression, members)) }}
{%- endmacro %}

{% macro default__json_path(expression, members) -%}
    get_json_object(cast({{ expression }} as string), '{{ (["$"] + members) | join(".") }}')
{%- endmacro %}

{% macro duckdb__json_path(expression, members) -%}
    json_extract_string(try_cast({{ expression }} as json), '{{ (["$"] + members) | join(".") }}')
{%- endmacro %}

{% macro postgres__json_path(expression, members) -%}
    (cast({{ expression }} as jsonb) #>> cast('{{ "{" ~ members | join(",") ~ "}" }}' as text[]))
{%- endmacro %}

{% macro snowflake__json_path(expression, members) -%}
    cast(get_path(try_parse_json(cast({{ expression }} as varchar)), '{{ members | join(".") }}') as varchar)
{%- endmacro %}

{% macro bigquery__json_path(expression, members) -%}
    json_value(to_json_string({{ expression }}), '{{ (["$"] + members) | join(".") }}')
{%- endmacro %}


{#- The same for a list: its JSON as text, NULL where there is none. Text that is no JSON is handed on whole, so that it is counted. -#}
{% macro json_list(expression, members) -%}
    {{ return(adapter.dispatch("json_list", "plumbline")(expression, members)) }}
{%- endmacro %}

{% macro default__json_list(expression, members) -%}
    {{ plumbline.json_path(expression, members) if members else "cast(" ~ expression ~ " as " ~ dbt.type_string() ~ ")" }}
{%- endmacro %}

{% macro duckdb__json_list(expression, members) -%}
    case when json_valid(cast({{ expression }} as varchar)) then {{ plumbline.json_path(expression, members) }} else cast({{ expression }} as varchar) end
{%- endmacro %}

{% macro bigquery__json_list(expression, members) -%}
    json_query(to_json_string({{ expression }}), '{{ (["$"] + members) | join(".") }}')
{%- endmacro %}


{#-
    One row for each item of a JSON list, beside the columns of its row: `item_<number>` (JSON) and
    `position_<number>`. No list gives no rows; what is no list gives one item without members, which is then
    rejected for want of a key, rather than lost.
-#}
{% macro unfold_json(relation, list, number) -%}
    {{ return(adapter.dispatch("unfold_json", "plumbline")(relation, list, number)) }}
{%- endmacro %}

{% macro default__unfold_json(relation, list, number) -%}
    select landed_rows.*, items.position_{{ number }}, items.item_{{ number }}
    from {{ relation }}
    lateral view posexplode(
        case
            when {{ list }} is null then array()
            when {{ list }} like '[%' then from_json({{ list }}, 'array<string>')
            else array(cast(null as string))
        end
    ) items as position_{{ number }}, item_{{ number }}
{%- endmacro %}

{% macro duckdb__unfold_json(relation, list, number) -%}
    select
        * exclude (items_{{ number }}),
        unnest(items_{{ number }}) as item_{{ number }},
        generate_subscripts(items_{{ number }}, 1) as position_{{ number }}
    from (
        select
            landed_rows.*,
            case
                when {{ list }} is null then []
                when json_valid({{ list }}) and json_type({{ list }}) = 'ARRAY' then cast(cast({{ list }} as json) as json[])
                else [cast(null as json)]
            end as items_{{ number }}
        from {{ relation }}
    ) as listed
{%- endmacro %}

{% macro postgres__unfold_json(relation, list, number) -%}
    select landed_rows.*, items.item_{{ number }}, items.position_{{ number }}
    from {{ relation }}
    cross join lateral jsonb_array_elements(
        case
            when {{ list }} is null then cast('[]' as jsonb)
            when jsonb_typeof(cast({{ list }} as jsonb)) = 'array' then cast({{ list }} as jsonb)
            else cast('[null]' as jsonb)
        end
    ) with ordinality as items(item_{{ number }}, position_{{ number }})
{%- endmacro %}

{% macro snowflake__unfold_json(relation, list, number) -%}
    select landed_rows.*, items.value as item_{{ number }}, items.index as position_{{ number }}
    from {{ relation }},
        lateral flatten(
            input => case
                when {{ list }} is null then parse_json('[]')
                when is_array(try_parse_json({{ list }})) then try_parse_json({{ list }})
                else parse_json('[null]')
            end
        ) as items
{%- endmacro %}

{% macro bigquery__unfold_json(relation, list, number) -%}
    select landed_rows.*, item_{{ number }}, position_{{ number }}
    from {{ relation }}
    cross join unnest(
        case
            when {{ list }} is null or {{ list }} = 'null' then []
            when {{ list }} like '[%' then json_query_array({{ list }})
            else [cast(null as string)]
        end
    ) as item_{{ number }} with offset as position_{{ number }}
{%- endmacro %}
