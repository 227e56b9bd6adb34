{#-
    What is counted for each metric, one numbered entry for each basis and side: by the version in force on the record's day, for
    the shared meaning and for each team's own; and restated by today's version, where a term of the metric ever had another.
    Arguments: the metrics as judged on the record's day, and the same metrics as judged today.
-#}
{% macro metric_sides(then, today) %}
    {%- set counted = [] -%}
    {%- for metric in then -%}
        {%- for side in metric.sides -%}
            {%- do counted.append(dict(side, metric=metric, basis='in_force_then', number=counted | length + 1)) -%}
        {%- endfor -%}
        {%- if metric.version_count > 1 -%}
            {%- do counted.append(dict(today[loop.index0].sides[0], metric=metric, basis='restated', number=counted | length + 1)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(counted) }}
{% endmacro %}
