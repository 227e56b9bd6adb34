{#-
    From where on a finding blocks the publish instead of warning: an `error_if` for a data test whose rows have `population`, the
    number of records that were looked at. The shares, and the number of findings below which none blocks, are the setting
    `finding_ceilings`. Arguments: the name there, and what counts the findings (the test's `fail_calc`).
-#}
{% macro finding_ceiling(name, found='count(*)') -%}
    {%- set ceilings = var('finding_ceilings') -%}
    {%- for needed in ['fewest_that_block', name] if needed not in ceilings -%}
        {{ exceptions.raise_compiler_error("the setting finding_ceilings has no '" ~ needed ~ "': set it in plumbline.yml and run `plumbline config apply`") }}
    {%- endfor -%}
    {{ return('>= ' ~ ceilings['fewest_that_block'] ~ ' and ' ~ found ~ ' > ' ~ ceilings[name] ~ ' * coalesce(max(population), 0)') }}
{%- endmacro %}
