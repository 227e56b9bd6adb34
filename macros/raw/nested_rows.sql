{#-
    Records that a loader lands inside other ones, as rows. `nested` in the meta of a declared table says where:
    {tables: names under which the outer table lands, record: the path of what tells its records apart, columns: {our
    column: path}}. A path is written from the outer row, with `[]` behind each list: `parties[].context[].objects[].objectId`.
    `#` is the number of the item in its record, from 0; a list of paths is joined by `-`.
    One description serves two ways of landing: JSON columns, and child tables as dlt makes them.
    The lists of an older version of a record are no news: their items count as excluded, `not_current_version`.
-#}
{% macro nested_landing(system, table, instance, reading, landed_tables) %}
    {%- set columns = plumbline.landed_columns(landed_tables, reading.tables) -%}
    {%- set steps = plumbline.list_steps(reading.columns) -%}
    {%- if columns is none or plumbline.resolve_path(columns, reading.record) is none -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set children = plumbline.child_tables(columns[0].table, steps, landed_tables) -%}
    {%- set is_json = not steps or plumbline.resolve_path(columns, steps[0]) is not none -%}
    {%- if not is_json and children is none -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set outer = plumbline.outer_rows(system, table, instance, reading, columns, landed_tables) -%}
    {%- if is_json -%}
        {%- set rows = plumbline.json_items(outer, steps) -%}
        {%- set expressions = plumbline.json_expressions(outer, reading, steps) -%}
    {%- else -%}
        {%- set rows = plumbline.child_rows(outer, instance, children) -%}
        {%- set expressions = plumbline.child_expressions(outer, reading, children) -%}
    {%- endif -%}
    {%- set present = {} -%}
    {%- for name in expressions -%}
        {%- do present.update({name: {"table": columns[0].table, "name": name, "data_type": dbt.type_string() | lower}}) -%}
    {%- endfor -%}
    {%- if outer.load_time is not none -%}
        {%- do expressions.update({"_fivetran_synced": "loaded_at"}) -%}
        {%- do present.update({"_fivetran_synced": {"table": columns[0].table, "name": "_fivetran_synced", "data_type": outer.load_time}}) -%}
    {%- endif -%}
    {%- if steps -%}
        {%- do expressions.update({"_fivetran_start": "loaded_at", "_fivetran_active": "record_id is null or version_number = 1"}) -%}
        {%- do present.update({"_fivetran_start": {"name": "_fivetran_start", "data_type": outer.load_time or "timestamp"}}) -%}
        {%- do present.update({"_fivetran_active": {"name": "_fivetran_active", "data_type": "boolean"}}) -%}
    {%- endif -%}
    {%- set relation -%}
        (
            select
                {%- for name, expression in expressions.items() %}
                {{ expression }} as {{ adapter.quote(name) }}{{ "," if not loop.last }}
                {%- endfor %}
            from {{ rows }}
        ) as landed_rows
    {%- endset -%}
    {%- set unfolded = ([columns[0].table] if steps else []) + (children[:-1] | map(attribute="table") | list if not is_json else []) -%}
    {{ return({
        "instance": instance, "table": table, "is_used": true, "present": present, "relation": relation, "unfolded": unfolded,
        "rows_of": (children[-1].table if not is_json else none) if steps else columns[0].table,
    }) }}
{% endmacro %}


{#- The lists to go through from the outer row to the item, each as a path from the one before: the longest among all paths. -#}
{% macro list_steps(paths) %}
    {%- set longest = [] -%}
    {%- for value in paths.values() -%}
        {%- for path in ([value] if value is string else value) if path.count("[]") > longest | length -%}
            {%- do longest.clear() -%}
            {%- for part in path.split("[]")[:-1] -%}
                {%- do longest.append(part.lstrip(".")) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(longest) }}
{% endmacro %}


{#- Where a path of the outer row stands: {column, members: what to follow in its JSON}, or none. dlt flattens `metaData.id` to `meta_data__id`. -#}
{% macro resolve_path(columns, path) %}
    {%- set parts = path.split(".") -%}
    {%- set whole = plumbline.spelling(parts | join("")) -%}
    {%- for column in columns if column.spelling == whole -%}
        {{ return({"column": column.name, "members": []}) }}
    {%- endfor -%}
    {%- set first = plumbline.spelling(parts[0]) -%}
    {%- for column in columns if column.spelling == first -%}
        {{ return({"column": column.name, "members": parts[1:]}) }}
    {%- endfor -%}
    {{ return(none) }}
{% endmacro %}


{#- The tables that dlt makes of lists inside lists, outermost first: [{table, columns}]; none where one is not there. -#}
{% macro child_tables(outer_name, steps, landed_tables) %}
    {%- set found = [] -%}
    {%- set names = [outer_name] -%}
    {%- for step in steps -%}
        {%- do names.append(names[-1] ~ "__" ~ step | replace(".", "__")) -%}
        {%- set columns = plumbline.landed_columns(landed_tables, [names[-1]]) -%}
        {%- if columns is none -%}
            {{ return(none) }}
        {%- endif -%}
        {%- do found.append({"table": columns[0].table, "columns": columns}) -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{#-
    The landed rows of the outer table with the columns that paths start in: {relation, roots: {path: expression},
    load_time: its landed type or none}. `version_number` 1 is the newest version of a record.
-#}
{% macro outer_rows(system, table, instance, reading, columns, landed_tables) %}
    {%- set starts = [reading.record] -%}
    {%- for value in reading.columns.values() -%}
        {%- for path in ([value] if value is string else value) if path != "#" -%}
            {%- do starts.append(path.split("[]")[0]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set roots = {} -%}
    {%- set used = [] -%}
    {%- for path in starts | unique -%}
        {%- set found = plumbline.resolve_path(columns, path) -%}
        {%- if found is not none -%}
            {%- do used.append(found.column) if found.column not in used -%}
            {%- do roots.update({path: {"name": "root_" ~ (used.index(found.column) + 1), "members": found.members}}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set dlt = plumbline.dlt_load_time(instance, columns, landed_tables) -%}
    {%- set own = plumbline.match_columns(system, table, columns).get("_fivetran_synced") -%}
    {%- set is_child_parent = "_dlt_id" in columns | map(attribute="name") -%}
    {%- set record = roots[reading.record] -%}
    {%- set record_id = plumbline.json_path(record.name, record.members) if record.members else plumbline.text(record.name) -%}
    {%- set relation -%}
        (
            select
                {{ record_id }} as record_id,
                row_number() over (
                    partition by {{ record_id }}
                    order by loaded_at desc nulls last{% for column in used %}, cast(root_{{ loop.index }} as {{ dbt.type_string() }}) desc nulls last{% endfor %}
                ) as version_number,
                landed_rows.*
            from (
                select
                    {%- for column in used %}
                    landed_rows.{{ adapter.quote(column) }} as root_{{ loop.index }},
                    {%- endfor %}
                    {{ "landed_rows._dlt_id as outer_id," if is_child_parent }}
                    {{ "landed_rows." ~ adapter.quote(own.name) if own else ("loads.loaded_at" if dlt else "cast(null as " ~ dbt.type_timestamp() ~ ")") }} as loaded_at
                from {{ plumbline.landed_relation(instance, columns[0].table) }} as landed_rows
                {%- if dlt and not own %}
                left join {{ dlt.loads }} as loads on landed_rows._dlt_load_id = loads.load_id
                {%- endif %}
            ) as landed_rows
        )
    {%- endset -%}
    {{ return({"relation": relation, "roots": roots, "load_time": own.data_type if own else (dlt.data_type if dlt else none)}) }}
{% endmacro %}


{% macro json_items(outer, steps) %}
    {%- set rows = [outer.relation ~ " as landed_rows"] -%}
    {%- for step in steps -%}
        {%- if loop.first -%}
            {%- set list = plumbline.json_list(outer.roots[step].name, outer.roots[step].members) -%}
        {%- else -%}
            {%- set list = plumbline.json_list("item_" ~ (loop.index - 1), step.split(".")) -%}
        {%- endif -%}
        {%- do rows.append("(" ~ plumbline.unfold_json(rows[-1], list, loop.index) ~ ") as landed_rows") -%}
    {%- endfor -%}
    {{ return(rows[-1]) }}
{% endmacro %}


{#- {our column: expression} over what `json_items` gives; a column that the outer row cannot have is left out. -#}
{% macro json_expressions(outer, reading, steps) %}
    {%- set order = [] -%}
    {%- for step in steps -%}
        {%- do order.append("position_" ~ loop.index) -%}
    {%- endfor -%}
    {%- set expressions = {} -%}
    {%- for name, value in reading.columns.items() -%}
        {%- set parts = [] -%}
        {%- for path in ([value] if value is string else value) -%}
            {%- set level = path.count("[]") -%}
            {%- set leaf = path.split("[]")[-1].lstrip(".") -%}
            {%- if path == "#" -%}
                {%- do parts.append(plumbline.item_number("record_id, version_number", order)) -%}
            {%- elif level > 0 -%}
                {%- do parts.append(plumbline.json_path("item_" ~ level, leaf.split("."))) -%}
            {%- elif path in outer.roots -%}
                {%- do parts.append(plumbline.outer_text(outer.roots[path])) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do expressions.update({name: parts | join(" || '-' || ")}) if parts -%}
    {%- endfor -%}
    {{ return(expressions) }}
{% endmacro %}


{#- The rows of the innermost child table, each with its parents. A row whose parent is gone stays, without a key. -#}
{% macro child_rows(outer, instance, children) %}
    {%- set rows -%}
        {{ plumbline.landed_relation(instance, children[-1].table) }} as item_{{ children | length }}
        {%- for number in range(children | length - 1, 0, -1) %}
        left join {{ plumbline.landed_relation(instance, children[number - 1].table) }} as item_{{ number }} on item_{{ number + 1 }}._dlt_parent_id = item_{{ number }}._dlt_id
        {%- endfor %}
        left join {{ outer.relation }} as landed_rows on item_1._dlt_parent_id = landed_rows.outer_id
    {%- endset -%}
    {{ return(rows) }}
{% endmacro %}


{% macro child_expressions(outer, reading, children) %}
    {%- set order = [] -%}
    {%- for child in children -%}
        {%- do order.append("item_" ~ loop.index ~ "._dlt_list_idx") -%}
    {%- endfor -%}
    {%- set expressions = {} -%}
    {%- for name, value in reading.columns.items() -%}
        {%- set parts = [] -%}
        {%- for path in ([value] if value is string else value) -%}
            {%- set level = path.count("[]") -%}
            {%- if path == "#" -%}
                {%- do parts.append(plumbline.item_number("landed_rows.outer_id", order)) -%}
            {%- elif level == 0 and path in outer.roots -%}
                {%- do parts.append(plumbline.outer_text(outer.roots[path])) -%}
            {%- elif level > 0 -%}
                {%- set found = plumbline.resolve_path(children[level - 1].columns, path.split("[]")[-1].lstrip(".")) -%}
                {%- do parts.append("cast(item_" ~ level ~ "." ~ adapter.quote(found.column) ~ " as " ~ dbt.type_string() ~ ")") if found is not none -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do expressions.update({name: parts | join(" || '-' || ")}) if parts -%}
    {%- endfor -%}
    {{ return(expressions) }}
{% endmacro %}


{#- A member of the outer row as text: a column of its own, or inside of the JSON of one. -#}
{% macro outer_text(root) -%}
    {{ return(plumbline.json_path(root.name, root.members) if root.members else "cast(" ~ root.name ~ " as " ~ dbt.type_string() ~ ")") }}
{%- endmacro %}


{% macro item_number(partition, order) -%}
    {{ return("cast(row_number() over (partition by " ~ partition ~ " order by " ~ order | join(", ") ~ ") - 1 as " ~ dbt.type_string() ~ ")") }}
{%- endmacro %}
