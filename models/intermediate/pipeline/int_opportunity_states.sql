-- The state of an opportunity after each instant at which something was said: every attribute keeps its last said value.
-- Rows of one instant are taken in the order beginning, tracked change, snapshot, current row, then by id; the last wins.
{%- set no_text = "''" -%}
{%- set no_amount = "cast(-9999999999999999.99 as " ~ type_decimal(18, 2) ~ ")" -%}
{%- set no_probability = "cast(-999.999999 as " ~ type_decimal(9, 6) ~ ")" -%}
{%- set no_date = no_date() -%}
{%- set in_order = 'partition by opportunity_key order by event_at, event_rank, event_id' -%}
{%- set so_far = in_order ~ ' rows between unbounded preceding and current row' %}
with

events as (

    select * from {{ ref('int_opportunity_events') }}

),

filled as (

    select
        opportunity_key,
        event_at,
        event_rank,
        lag(event_rank) over ({{ in_order }}) as previous_event_rank,
        lead(event_at) over ({{ in_order }}) as next_event_at,
        event_id,
        {{ last_said('owner_user_id', 'sets_owner', no_text, so_far) }} as owner_user_id,
        {{ last_said('account_id', 'sets_account', no_text, so_far) }} as account_id,
        {{ last_said('stage_name', 'sets_stage', no_text, so_far) }} as stage_name,
        {{ last_said('forecast_category', 'sets_forecast_category', no_text, so_far) }} as forecast_category,
        {{ last_said('currency_code', 'sets_currency', no_text, so_far) }} as currency_code,
        {{ last_said('amount', 'sets_amount', no_amount, so_far) }} as amount,
        {{ last_said('probability', 'sets_probability', no_probability, so_far) }} as probability,
        {{ last_said('case when is_deleted then 1 else 0 end', 'sets_deleted', '-1', so_far) }} as deleted,
        {{ last_said('close_date', 'sets_close_date', no_date, so_far) }} as close_date
    from events

),

-- the current row follows all history: where it differs from what the history ended with, the history has a hole
followed as (

    select
        opportunity_key, event_at, next_event_at, owner_user_id, account_id, stage_name, forecast_category, currency_code, amount,
        probability, deleted, close_date,
        event_rank = 3
            and previous_event_rank in (1, 2)
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
    coalesce(deleted = 1, false) as is_deleted,
    coalesce(is_history_gap, false) as is_history_gap,

    ---------- dates
    close_date,

    ---------- timestamps
    event_at as valid_from_at
from followed
where next_event_at is null
    or next_event_at > event_at
