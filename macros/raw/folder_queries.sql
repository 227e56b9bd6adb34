{#-
    How raw files are found and read, as DuckDB SQL. Plain text macros: the hook `folder_tables` uses them with dbt,
    `plumbline.quality.raw_folder` without, so that the night's check sees what the models will see.
-#}

{#-
    The files of a folder: schema_name, table_name, file_format, is_in_folder, file. A table is a file
    `<schema>/<table>.<ending>`, or all files of a format in `<schema>/<table>/`. Names that start with a dot are not data.
-#}
{% macro folder_files_query(folder) -%}
    {%- set root = folder.rstrip("/") ~ "/" -%}
    {%- set ending = "\\.(?i:(parquet)|(csv)(\\.gz)?|(jsonl|ndjson)(\\.gz)?)$" -%}
    select
        regexp_extract(place, '^[^/]+') as schema_name,
        case when is_in_folder then regexp_extract(place, '^[^/]+/([^/]+)/', 1) else regexp_replace(name, '{{ ending }}', '') end as table_name,
        case lower(regexp_extract(name, '\.([A-Za-z]+)(\.(?i:gz))?$', 1)) when 'parquet' then 'parquet' when 'csv' then 'csv' else 'json' end as file_format,
        is_in_folder,
        file
    from (
        select
            file,
            substring(file, {{ root | length + 1 }}) as place,
            regexp_extract(file, '[^/]+$') as name,
            is_in_folder
        from (
            select file, false as is_in_folder from glob({{ sql_text(root ~ "*/*") }})
            union all
            select file, true as is_in_folder from glob({{ sql_text(root ~ "*/*/*") }})
        ) as found
    ) as named
    where regexp_matches(name, '{{ ending }}') and not regexp_matches(place, '(^|/)\.')
    order by schema_name, table_name, file_format, is_in_folder, file
{%- endmacro %}


{#- The spellings of each member that occurs in JSON lines: json_key, spelled so by one record or another. -#}
{% macro json_keys_query(files) -%}
    select distinct unnest(json_keys(json)) as json_key
    from {{ json_lines(files) }}
    where json_type(json) = 'OBJECT'
    order by json_key
{%- endmacro %}


{#- The rows of one table. `keys` are what `json_keys_query` found, for JSON lines only. -#}
{% macro folder_table_query(file_format, files, keys) -%}
    {%- if file_format == "parquet" -%}
        select * from read_parquet({{ sql_list(files) }}, union_by_name = true, hive_partitioning = false)
    {%- elif file_format == "csv" -%}
        select * from {{ csv_rows(files) }}
    {%- else -%}
        {{ json_rows(files, keys) }}
    {%- endif -%}
{%- endmacro %}


{#-
    Every column is text, for the staging models to cast and count what does not parse. Nothing is guessed but the end
    of a line: neither a delimiter, nor lines to skip, nor comments. An empty field is NULL, a quoted one as it is given.
-#}
{% macro csv_rows(files) -%}
    read_csv(
        {{ sql_list(files) }}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"', skip = 0, comment = '',
        nullstr = '', allow_quoted_nulls = false, strict_mode = true, union_by_name = true, hive_partitioning = false,
        max_line_size = {{ longest_row() }}, buffer_size = {{ longest_row() }}
    )
{%- endmacro %}


{% macro json_lines(files) -%}
    read_json_objects({{ sql_list(files) }}, format = 'newline_delimited', maximum_object_size = {{ longest_row() }})
{%- endmacro %}


{#-
    Every column is text, nested values JSON text; members that differ in case alone are one column. A number of up to
    15 digits is the same after DuckDB has read it as a double, a longer one is not: where a line holds one, its
    numbers are put between quotes first. The pattern takes whole strings and what is between them, then a number;
    the last alternative takes the end of the line, where no number follows. chr(1), which JSON forbids, marks numbers.
-#}
{% macro json_rows(files, keys) -%}
    {%- set columns = {} -%}
    {%- for key in keys -%}
        {%- set _ = columns.setdefault(key | lower, []).append(loop.index) -%}
    {%- endfor -%}
    {%- set paths = [] -%}
    {%- for key in keys -%}
        {%- set _ = paths.append("/" ~ key | replace("~", "~0") | replace("/", "~1")) -%}
    {%- endfor -%}
    select
        {%- for positions in columns.values() %}
        coalesce({% for position in positions %}fields[{{ position }}]{{ ", " if not loop.last }}{% endfor %}) as "{{ keys[positions[0] - 1] | replace('"', '""') }}"{{ "," if not loop.last }}
        {%- endfor %}
    from (
        select
            json_extract_string(
                case
                    when regexp_matches(line, '[:\[,]\s*-?[0-9.]{16}')
                        then replace(
                            replace(
                                regexp_replace(line, '((?:"(?:[^"\\]|\\.)*"|[^"0-9-])*)(-?[0-9][0-9.eE+-]*)|([^\x01]+)$', '\1' || chr(1) || '\2' || chr(1) || '\3', 'gs'),
                                chr(1) || chr(1), ''
                            ),
                            chr(1), '"'
                        )
                    else line
                end,
                {{ sql_list(paths) }}
            ) as fields
        from (select cast(json as varchar) as line from {{ json_lines(files) }}) as lines
    ) as records
{%- endmacro %}


{#- Bytes of the longest row that is read: room for texts of 20 MB. -#}
{% macro longest_row() -%}
    33554432
{%- endmacro %}


{% macro sql_text(value) -%}
    '{{ value | replace("'", "''") }}'
{%- endmacro %}


{% macro sql_list(values) -%}
    [{% for value in values %}{{ sql_text(value) }}{{ ", " if not loop.last }}{% endfor %}]
{%- endmacro %}
