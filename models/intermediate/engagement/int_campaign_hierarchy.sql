{#- A CRM campaign tree has at most five levels; one more step shows whether a chain ends or runs in a circle. -#}
{%- set steps = 6 -%}

-- The root of each campaign's tree and how deep it stands. In a circle of parents nobody is the root: each campaign of it,
-- and what hangs on it, stands for itself.
with

campaigns as (

    select
        campaign_key,
        parent_campaign_key
    from {{ ref('int_campaigns_attributed') }}

)

select
    campaigns.campaign_key,
    case
        when ancestor_{{ steps }}.campaign_key is not null then campaigns.campaign_key
        else coalesce(
            {%- for step in range(steps - 1, 0, -1) %}
            ancestor_{{ step }}.campaign_key,
            {%- endfor %}
            campaigns.campaign_key
        )
    end as root_campaign_key,
    case
        when ancestor_{{ steps }}.campaign_key is not null then 0
        {%- for step in range(steps - 1, 0, -1) %}
        when ancestor_{{ step }}.campaign_key is not null then {{ step }}
        {%- endfor %}
        else 0
    end as hierarchy_depth,
    ancestor_{{ steps }}.campaign_key is not null as is_in_circle
from campaigns
{%- for step in range(1, steps + 1) %}
left join campaigns as ancestor_{{ step }}
    on {% if step == 1 %}campaigns{% else %}ancestor_{{ step - 1 }}{% endif %}.parent_campaign_key = ancestor_{{ step }}.campaign_key
{%- endfor %}
