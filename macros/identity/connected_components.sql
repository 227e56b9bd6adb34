{#-
    Connected components by iterated contraction: in each round every node moves to the smallest node among itself
    and its neighbours, and the graph shrinks to the nodes that were moved to. With hash-like keys (`record_key`) a
    round leaves about half of the nodes, chains included, so that 20 rounds reach chains of a million records; later
    rounds are all but free. Whether the last round left nothing to do is for a data test to say: each link must have
    one component at both ends.

    Each round reads the one before once, so an engine that inlines CTEs does some work again but never exponentially.

    Gives a query with (node_key, component_key): one row per node that has a link, `component_key` the smallest key reached.
    Arguments: a relation or CTE with the two ends of each link, the names of its two columns, and the rounds.
-#}
{% macro connected_components(links, left_key, right_key, rounds=20) -%}
links_0 as {{ stored() }} (

    select distinct node_key, neighbour_key
    from (
        select {{ left_key }} as node_key, {{ right_key }} as neighbour_key
        from {{ links }}
        union all
        select {{ right_key }} as node_key, {{ left_key }} as neighbour_key
        from {{ links }}
    ) as both_directions
    where node_key <> neighbour_key

),
{% for round in range(1, rounds + 1) %}
moves_{{ round }} as {{ stored() }} (

    select
        node_key,
        neighbour_key,
        least(node_key, min(neighbour_key) over (partition by node_key)) as moved_node_key,
        least(neighbour_key, min(node_key) over (partition by neighbour_key)) as moved_neighbour_key
    from links_{{ round - 1 }}

),

links_{{ round }} as {{ stored() }} (

    select distinct moved_node_key as node_key, moved_neighbour_key as neighbour_key
    from moves_{{ round }}
    where moved_node_key <> moved_neighbour_key

),
{% endfor %}
components_{{ rounds }} as (

    select distinct node_key, moved_node_key as component_key
    from moves_{{ rounds }}

),
{% for round in range(rounds - 1, 0, -1) %}
components_{{ round }} as (

    select
        moved.node_key,
        coalesce(later.component_key, moved.moved_node_key) as component_key
    from (select distinct node_key, moved_node_key from moves_{{ round }}) as moved
    left join components_{{ round + 1 }} as later on moved.moved_node_key = later.node_key

),
{% endfor %}
components as (

    select node_key, component_key
    from components_1

)
{%- endmacro %}


{#- Marks a CTE that is read more than once as dear to read again, so that an engine keeps its rows. -#}
{% macro stored() -%}
    {{ return(adapter.dispatch("stored", "plumbline")()) }}
{%- endmacro %}

{% macro default__stored() -%}
{%- endmacro %}

{% macro duckdb__stored() -%}
    materialized
{%- endmacro %}

{% macro postgres__stored() -%}
    materialized
{%- endmacro %}
