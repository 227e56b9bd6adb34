-- States that differ from the one before, each valid until the next.
{%- set compared = [
    'stage_name', 'amount', 'close_date', 'forecast_category', 'probability', 'owner_user_id', 'account_id', 'currency_code', 'is_deleted', 'evidence'
] %}
with

states as (

    select * from {{ ref('int_opportunity_states') }}

),

bounds as (

    select * from {{ ref('int_opportunity_history_bounds') }}

),

witnessed as (

    select
        states.opportunity_key, states.valid_from_at, states.is_history_gap, states.stage_name, states.amount, states.close_date,
        states.forecast_category, states.probability, states.owner_user_id, states.account_id, states.currency_code, states.is_deleted,
        case
            when states.stage_name is null and states.valid_from_at < bounds.stage_said_from then 'unknown'
            when states.amount is null and states.valid_from_at < bounds.amount_said_from and bounds.amount_known_from > states.valid_from_at then 'unknown'
            when states.close_date is null and states.valid_from_at < bounds.close_date_said_from then 'unknown'
            when states.valid_from_at < bounds.stage_said_from
                or states.valid_from_at < bounds.amount_said_from
                or states.valid_from_at < bounds.close_date_said_from then 'reconstructed'
            else 'observed'
        end as evidence,
        case when states.valid_from_at < bounds.owner_known_from then 'reconstructed' else 'observed' end as owner_evidence,
        case when states.valid_from_at < bounds.account_known_from then 'reconstructed' else 'observed' end as account_evidence,
        {{ later_of('bounds.stage_known_from', later_of('bounds.amount_known_from', 'bounds.close_date_known_from')) }} as history_known_from
    from states
    inner join bounds
        on states.opportunity_key = bounds.opportunity_key

),

compared as (

    select
        witnessed.*,
        {%- for column in compared %}
        lag({{ column }}) over (partition by opportunity_key order by valid_from_at) as previous_{{ column }},
        {%- endfor %}
        row_number() over (partition by opportunity_key order by valid_from_at) as state_number
    from witnessed

),

changed as (

    select *
    from compared
    where state_number = 1
        {%- for column in compared %}
        or {{ column }} is distinct from previous_{{ column }}
        {%- endfor %}

)

select
    ---------- ids
    opportunity_key,
    owner_user_id,
    account_id,

    ---------- strings
    stage_name,
    forecast_category,
    currency_code,
    evidence,
    owner_evidence,
    account_evidence,

    ---------- numerics
    row_number() over (partition by opportunity_key order by valid_from_at) as version_number,
    amount,
    probability,

    ---------- booleans
    is_deleted,
    is_history_gap,

    ---------- dates
    close_date,

    ---------- timestamps
    valid_from_at,
    lead(valid_from_at) over (partition by opportunity_key order by valid_from_at) as valid_to_at,
    history_known_from
from changed
