{#- The host of a web address as people type it: lower-case, without scheme, credentials, port, path and query. -#}
{% macro web_host(address) -%}
    {%- set rest = dbt.split_part("lower(" ~ address ~ ")", "'://'", 2) -%}
    {%- set ns = namespace(host="coalesce(nullif(" ~ rest ~ ", ''), lower(" ~ address ~ "))") -%}
    {%- for delimiter in ["/", "?", "#"] -%}
        {%- set ns.host = dbt.split_part(ns.host, "'" ~ delimiter ~ "'", 1) -%}
    {%- endfor -%}
    {%- set after_credentials = dbt.split_part(ns.host, "'@'", 2) -%}
    {%- set host = "coalesce(nullif(" ~ after_credentials ~ ", ''), " ~ ns.host ~ ")" -%}
    nullif(trim({{ dbt.split_part(host, "':'", 1) }}), '')
{%- endmacro %}


{#- The host of an e-mail address; NULL for what is no address. -#}
{% macro email_host(address) -%}
    case
        when {{ address }} like '%_@_%._%' and length({{ address }}) - length(replace({{ address }}, '@', '')) = 1
            then lower({{ dbt.split_part(address, "'@'", 2) }})
    end
{%- endmacro %}


{#- The mailbox of an e-mail address: lower-case, without a +tag. -#}
{% macro email_mailbox(address) -%}
    {{ dbt.split_part("lower(" ~ dbt.split_part(address, "'@'", 1) ~ ")", "'+'", 1) }}
{%- endmacro %}


{#- A host without its first label: `mail.acme.co.uk` gives `acme.co.uk`; NULL when no label is left. -#}
{% macro parent_host(host) -%}
    case
        when {{ dbt.position("'.'", host) }} > 0
            then nullif(substring({{ host }}, {{ dbt.position("'.'", host) }} + 1), '')
    end
{%- endmacro %}
