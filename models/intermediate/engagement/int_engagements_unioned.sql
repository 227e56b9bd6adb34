{#-
    One shape for all systems: add a system by adding its model here. A table, although it costs a write: what makes the
    touches of a system and what looks up their keys do not fit into little memory together.
-#}
{%- set models = [
    "int_marketo__engagements",
    "int_salesforce__task_engagements",
    "int_salesforce__event_engagements",
    "int_salesforce__campaign_engagements",
    "int_gong__engagements",
] -%}

{% for model_name in models %}
select
    ---------- ids
    source_system,
    source_instance,
    source_object,
    source_record_id,
    person_object,
    person_record_id,
    account_record_id,
    related_record_id,
    campaign_object,
    campaign_record_id,
    user_record_id,
    stated_person_key,
    stated_account_key,
    stated_opportunity_key,

    ---------- strings
    source_type,
    source_detail,
    fallback_detail,
    stated_reason,

    ---------- numerics
    duration_minutes,

    ---------- booleans
    has_time_of_day,

    ---------- dates
    occurred_date,

    ---------- timestamps
    occurred_at
from {{ ref(model_name) }}
{% if not loop.last %}
union all
{% endif %}
{%- endfor %}
