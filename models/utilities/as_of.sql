{#- The day all models look from: the setting, else the UTC date of the newest load time in the raw data. No model reads a clock. -#}
{%- set as_of_date = var("as_of_date") | string -%}
{%- if as_of_date and not modules.re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", as_of_date) -%}
    {{ exceptions.raise_compiler_error("the setting as_of_date is '" ~ as_of_date ~ "': write it as YYYY-MM-DD, or leave it empty for the newest load date") }}
{%- endif -%}
{%- if as_of_date -%}
    {{ refuse_early_as_of(as_of_date, [ref("stg_salesforce__row_counts"), ref("stg_marketo__row_counts"), ref("stg_gong__row_counts")]) }}
{%- endif -%}

with

salesforce_row_counts as (

    select newest_loaded_at from {{ ref("stg_salesforce__row_counts") }}

),

marketo_row_counts as (

    select newest_loaded_at from {{ ref("stg_marketo__row_counts") }}

),

gong_row_counts as (

    select newest_loaded_at from {{ ref("stg_gong__row_counts") }}

),

unioned as (

    select newest_loaded_at from salesforce_row_counts
    union all
    select newest_loaded_at from marketo_row_counts
    union all
    select newest_loaded_at from gong_row_counts

),

newest as (

    select max(newest_loaded_at) as newest_loaded_at
    from unioned

)

select
    ---------- dates
    {% if as_of_date -%}
    cast('{{ as_of_date }}' as date) as as_of_date,
    {%- else -%}
    cast(newest_loaded_at as date) as as_of_date,
    {%- endif %}

    ---------- metadata
    newest_loaded_at
from newest
