-- For each touch table, which of its staged rows stand in the fact and which do not, and why. A campaign member who did
-- not respond is no touch, but stands in `fct_campaign_members`: kept, under its own reason.
with

outcomes as (

    select
        source_system,
        source_instance,
        source_object as source_table,
        case
            when exclusion_reason is null then 'kept'
            when source_object = 'campaign_member' and exclusion_reason <> 'deleted' then 'kept'
            else 'excluded'
        end as outcome,
        case
            when exclusion_reason is not null then exclusion_reason
            when engagement_type = 'unmapped' then 'unmapped_type'
            else 'touch'
        end as reason
    from {{ ref('int_engagements_classified') }}

)

select
    source_system,
    source_instance,
    source_table,
    outcome,
    reason,
    count(*) as row_count
from outcomes
group by source_system, source_instance, source_table, outcome, reason
