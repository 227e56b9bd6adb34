{#-
    Values of a system's raw tables that do not parse as the type that the sources file declares or lie outside its `range`,
    and rows without a key. Only columns whose landed type leaves room for that are looked at (text, or a number wider
    than declared) and those with a range, all of a table in one scan. No value is handed on.
-#}
{% macro rejected_values(system) %}
    {%- set selects = [] -%}
    {%- for landing in plumbline.landings(system) if landing.is_used -%}
        {%- do selects.append(plumbline.select_rejected_values(system, landing)) -%}
    {%- endfor -%}
    {%- set columns = {
        "source_instance": "string", "source_table": "string", "record_id": "string", "column_name": "string",
        "reason": "string", "row_count": "bigint",
    } -%}
    {{ return((selects or [plumbline.select_no_rows(columns)]) | join("\n\n    union all\n\n    ")) }}
{% endmacro %}


{% macro select_rejected_values(system, landing) %}
    {%- set node = plumbline.declared_table(system, landing.table) -%}
    {%- set checks = plumbline.value_checks(system, landing) -%}
    select
        '{{ landing.instance.name }}' as source_instance,
        '{{ landing.table }}' as source_table,
        suspicious.record_id,
        checks.column_name,
        checks.reason,
        count(*) as row_count
    from (
        select *
        from (
            select
                {{ plumbline.raw_record_id(system, landing) }} as record_id
                {%- for check in checks %},
                {{ check.condition }} as is_rejected_{{ loop.index }}
                {%- endfor %}
            from {{ plumbline.raw_relation(system, landing.table, landing) }}
            where {{ plumbline.is_read(system, landing) }}
        ) as looked_at
        where record_id is null
            {%- for check in checks %}
            or is_rejected_{{ loop.index }}
            {%- endfor %}
    ) as suspicious
    cross join (
        select
            0 as check_number,
            cast('{{ node.config.meta.key | join(", ") }}' as {{ dbt.type_string() }}) as column_name,
            cast('no_key' as {{ dbt.type_string() }}) as reason
        {%- for check in checks %}
        union all
        select {{ loop.index }}, '{{ check.column_name }}', '{{ check.reason }}'
        {%- endfor %}
    ) as checks
    where case
        when checks.check_number = 0 then suspicious.record_id is null
        {%- for check in checks %}
        when checks.check_number = {{ loop.index }} then suspicious.is_rejected_{{ loop.index }}
        {%- endfor %}
        else false
    end
    group by suspicious.record_id, checks.column_name, checks.reason
{% endmacro %}


{#- The columns of a landed table to look at: [{column_name, reason, condition}]. -#}
{% macro value_checks(system, landing) %}
    {%- set checks = [] -%}
    {%- for column in plumbline.declared_table(system, landing.table).columns.values() -%}
        {%- set kind = column.data_type.split("(")[0] -%}
        {%- if kind != "string" and column.name in landing.present -%}
            {%- set landed = plumbline.raw_expression(column, landing.present, [landing]) -%}
            {%- set landed_type = landing.present[column.name].data_type or "text" -%}
            {%- if kind in ("decimal", "integer") -%}
                {%- set size = column.data_type.split("(")[1].rstrip(")").split(",") if "(" in column.data_type else ["18", "0"] -%}
                {%- if landed_type not in ("bigint", "integer", "smallint", "tinyint", "int", "int64") -%}
                    {%- do checks.append({
                        "column_name": column.name,
                        "reason": "not_a_number",
                        "condition": landed ~ " is not null and " ~ plumbline.try_decimal(landed, size[0] | int, size[1] | int) ~ " is null",
                    }) -%}
                {%- endif -%}
                {%- set range = column.get("config", {}).get("meta", {}).get("range") -%}
                {%- if range -%}
                    {%- do checks.append({
                        "column_name": column.name,
                        "reason": "out_of_range",
                        "condition": plumbline.try_decimal(landed, size[0] | int, size[1] | int) ~ " not between " ~ range[0] ~ " and " ~ range[1],
                    }) -%}
                {%- endif -%}
            {%- elif not plumbline.is_of_kind(column.data_type, landed_type) -%}
                {%- set parsed = {
                    "boolean": plumbline.try_boolean(landed), "date": plumbline.try_date(landed), "timestamp": plumbline.try_timestamp(landed),
                }[kind] -%}
                {%- do checks.append({"column_name": column.name, "reason": "not_a_" ~ kind, "condition": landed ~ " is not null and " ~ parsed ~ " is null"}) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(checks) }}
{% endmacro %}
