{#-
    Refuses an as-of date before the newest load: rates and touches would end on that day while current rows are those of the
    load, so that one day's truth would be mixed with another's. Arguments: the date as text, and the models that know the newest load.
-#}
{% macro refuse_early_as_of(as_of_date, row_counts) -%}
    {%- if execute and flags.WHICH in ['build', 'run'] -%}
        {%- set newest -%}
            select max(loaded_on) from (
                {% for relation in row_counts -%}
                select cast(max(newest_loaded_at) as date) as loaded_on from {{ relation }}
                {{ 'union all' if not loop.last }}
                {% endfor -%}
            ) as loads
        {%- endset -%}
        {%- set loaded_on = run_query(newest).columns[0].values()[0] | string -%}
        {%- if as_of_date < loaded_on and loaded_on != 'None' -%}
            {{ exceptions.raise_compiler_error(
                "the setting as_of_date is '" ~ as_of_date ~ "', but raw data was loaded until " ~ loaded_on ~ ": current rows would be later than the day looked from. "
                ~ "Set it to " ~ loaded_on ~ " or later, or leave it empty; what was true on an earlier day stands in fct_opportunity_versions"
            ) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
