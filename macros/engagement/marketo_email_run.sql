{#- Which e-mail in which run of a smart campaign: with the lead, the nearest that Marketo has to an id of a sending. -#}
{% macro marketo_email_run() -%}
    coalesce(email_template_id, asset_id, '') || '|' || coalesce(campaign_run_id, smart_campaign_id, '')
{%- endmacro %}
