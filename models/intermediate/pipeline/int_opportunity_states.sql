-- The state of an opportunity after each instant at which something was said: every attribute keeps its last said value.
-- Rows of one instant are taken in the order beginning, tracked change, snapshot, current row, then by id; the last wins.
{%- set attributes = {
    'stage': 'stage_name', 'amount': 'amount', 'close_date': 'close_date', 'forecast_category': 'forecast_category',
    'probability': 'probability', 'owner': 'owner_user_id', 'account': 'account_id', 'currency': 'currency_code',
    'deleted': 'is_deleted'
} %}
{%- set in_order = 'partition by opportunity_key order by event_at, event_rank, event_id' %}
{%- set so_far = in_order ~ ' rows between unbounded preceding and current row' %}
with

events as (

    select * from {{ ref('int_opportunity_events') }}

),

counted as (

    select
        opportunity_key,
        event_at,
        event_rank,
        event_id,
        {%- for attribute, column in attributes.items() %}
            {% if attribute == 'deleted' %}case when is_deleted then 1 when not is_deleted then 0 end as {{ column }}{% else %}{{ column }}{% endif %},
            count(sets_{{ attribute }}) over ({{ so_far }}) as {{ attribute }}_saying,
        {%- endfor %}
        row_number() over (
            partition by opportunity_key, event_at
            order by event_rank desc, event_id desc
        ) as instant_rank
    from events

),

filled as (

    select
        opportunity_key,
        event_at,
        event_rank,
        event_id,
        instant_rank
        {%- for attribute, column in attributes.items() %}
            ,
            max({{ column }}) over (partition by opportunity_key, {{ attribute }}_saying) as {{ column }}
    
            {%- endfor %}
    from counted

),

-- the current row follows all history: where it differs from what the history ended with, the history has a hole
followed as (

    select
        opportunity_key,
        event_at,
        event_rank,
        instant_rank
        {%- for attribute, column in attributes.items() %}
            ,
            {{ column }}
        
            {%- endfor %},
        lag(event_rank) over ({{ in_order }}) in (1, 2)
        and event_rank = 3
        and (
            stage_name is distinct from lag(stage_name) over ({{ in_order }})
            or amount is distinct from lag(amount) over ({{ in_order }})
            or close_date is distinct from lag(close_date) over ({{ in_order }})
        ) as is_history_gap
    from filled

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

    ---------- numerics
    amount,
    probability,

    ---------- booleans
    is_deleted = 1 as is_deleted,
    coalesce(is_history_gap, false) as is_history_gap,

    ---------- dates
    close_date,

    ---------- timestamps
    event_at as valid_from_at
from followed
where instant_rank = 1
