{#-
    For `make portable`: what records inside of records are read with, which no model shows without a connection. Each
    `nested` reading that the sources declare, over raw tables that hold all its paths: as JSON columns, and as child
    tables. Nothing runs this; it is compiled for each engine and read by its parser.
-#}
{%- set instance = {"name": "main", "schema": "gong"} -%}
{%- for table in graph.sources.values() -%}
    {%- for reading in table.config.meta.get("nested", []) -%}
        {%- set paths = [reading.record] -%}
        {%- for value in reading.columns.values() -%}
            {%- do paths.extend([value] if value is string else value) -%}
        {%- endfor -%}
        {%- set outer = reading.tables[0] -%}
        {%- set as_json = {outer: ["_airbyte_extracted_at"]} -%}
        {%- set as_children = {outer: ["_dlt_id", "_dlt_load_id"], "_dlt_loads": ["load_id", "inserted_at"]} -%}
        {%- for path in paths | unique if path != "#" -%}
            {%- do as_json[outer].append(path.split("[]")[0].split(".")[0]) -%}
            {%- set parts = path.split("[]") -%}
            {%- set names = [outer] -%}
            {%- for part in parts[:-1] -%}
                {%- do names.append(names[-1] ~ "__" ~ part.lstrip(".") | replace(".", "__")) -%}
                {%- do as_children.setdefault(names[-1], ["_dlt_id", "_dlt_parent_id", "_dlt_list_idx"]) -%}
            {%- endfor -%}
            {%- do as_children[names[-1]].append(parts[-1].lstrip(".") | replace(".", "__")) -%}
        {%- endfor -%}
        {%- for landed in [as_json, as_children] -%}
            {%- set landed_tables = {} -%}
            {%- for name, columns in landed.items() -%}
                {%- do landed_tables.update({name: []}) -%}
                {%- for column in columns | unique if column -%}
                    {%- do landed_tables[name].append({
                        "table": name, "name": column, "data_type": "timestamp" if column.endswith("_at") else "string",
                        "spelling": plumbline.spelling(column), "table_spelling": plumbline.spelling(name),
                    }) -%}
                {%- endfor -%}
            {%- endfor %}
select * from {{ plumbline.nested_landing(table.source_name, table.name, instance, reading, landed_tables).relation }};
        {% endfor -%}
    {%- endfor -%}
{%- endfor -%}
