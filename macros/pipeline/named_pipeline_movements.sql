{#-
    The movements of pipeline in asked periods, by name. Per period, scope and slice they add up exactly to the closing
    pipeline less the opening pipeline, in record currency and in corporate currency.

    Two scopes:
    - all: the whole pipeline, whenever it is to close.
    - due: the pipeline whose close date lies in the period.

    Names, by what was so before and after a boundary:
    - created: comes in and never was pipeline before;
    - first_known: comes in because the history begins here, and nothing is known about before;
    - reopened: comes back after it was won, lost, deleted or taken out of the forecast;
    - pulled_in, pushed_in (due only): the close date moved into the period, from a later day (or from none) or from an
      earlier one;
    - pulled_out, pushed_out (due only): the close date moved out of the period, to an earlier day or to a later one (or
      to none);
    - increased, decreased: the amount changed;
    - won, lost: goes out by being decided. A deal that was due elsewhere and is decided with a close date in the period
      is pulled or pushed in and decided at once;
    - removed: goes out because it was deleted, omitted from the forecast, or put in a stage that nobody mapped;
    - transferred_out, transferred_in: owner, account or segment changed, at the old amount;
    - merged: the account record was merged into another one of the same account: nothing moves between accounts;
    - revalued: the exchange rate changed, or the currency of the record.

    Arguments: a relation shaped like `int_pipeline_boundaries`, and a relation of periods with `period_key`,
    `start_date` and `next_start_date` (the day after).
-#}
{% macro named_pipeline_movements(boundaries, periods) %}
with

-- The periods of each day on which something moved: found once for the day, so that the wide rows are joined by equality.
moving_days as (

    select distinct movement_date
    from {{ boundaries }}

),

days_in_periods as (

    select
        moving_days.movement_date,
        periods.period_key,
        periods.start_date,
        periods.next_start_date
    from moving_days
    inner join {{ periods }} as periods
        on moving_days.movement_date >= periods.start_date
        and moving_days.movement_date < periods.next_start_date

),

scoped as (

    {% for scope in ['all', 'due'] -%}
    select
        periods.period_key,
        '{{ scope }}' as pipeline_scope,
        boundaries.*,
        coalesce(boundaries.old_is_pipeline, false) {% if scope == 'due' -%}
            and coalesce(boundaries.old_close_date >= periods.start_date and boundaries.old_close_date < periods.next_start_date, false)
        {%- endif %} as old_counts,
        coalesce(boundaries.new_is_pipeline, false) {% if scope == 'due' -%}
            and coalesce(boundaries.new_close_date >= periods.start_date and boundaries.new_close_date < periods.next_start_date, false)
        {%- endif %} as new_counts,
        {% if scope == 'due' -%}
        coalesce(boundaries.old_is_pipeline, false)
            and not coalesce(boundaries.old_close_date >= periods.start_date and boundaries.old_close_date < periods.next_start_date, false)
            and (coalesce(boundaries.new_is_won, false) or coalesce(boundaries.new_is_lost, false))
            and coalesce(boundaries.new_close_date >= periods.start_date and boundaries.new_close_date < periods.next_start_date, false)
        {%- else -%}
        false
        {%- endif %} as is_decided_from_elsewhere,
        case when boundaries.old_close_date < boundaries.new_close_date then 'pushed_in' else 'pulled_in' end as moving_in_name
    from {{ boundaries }} as boundaries
    inner join days_in_periods as periods
        on boundaries.movement_date = periods.movement_date
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

valued as (

    select
        scoped.*,
        coalesce(old_amount, 0) as old_value,
        coalesce(new_amount, 0) as new_value,
        coalesce(old_corporate_amount, 0) as old_corporate_value,
        coalesce(new_corporate_amount, 0) as new_corporate_value,
        case when old_amount is not null and old_corporate_amount is null then 1 else 0 end as old_rate_missing,
        case when new_amount is not null and new_corporate_amount is null then 1 else 0 end as new_rate_missing,
        case
            when (old_amount is not null and old_corporate_amount is null) or (new_amount is not null and new_corporate_amount is null) then 1
            else 0
        end as either_rate_missing,
        -- what the old amount is worth at the new rate: the step from one rate to the other apart from the step of the amount
        case
            when old_currency_code is distinct from new_currency_code then coalesce(new_corporate_amount, 0)
            when old_units_per_corporate is not distinct from new_units_per_corporate
                or old_amount is null
                or new_amount is null then coalesce(old_corporate_amount, 0)
            else coalesce({{ plumbline.corporate_amount('old_amount', 'new_units_per_corporate') }}, 0)
        end as revalued_corporate_value,
        case
            when new_is_won then 'won'
            when new_is_lost then 'lost'
            when new_is_pipeline and new_close_date < old_close_date then 'pulled_out'
            when new_is_pipeline then 'pushed_out'
            else 'removed'
        end as leaving_name,
        case
            when not has_before then 'created'
            when old_is_pipeline then moving_in_name
            when old_is_won or old_is_lost or old_is_deleted or was_pipeline then 'reopened'
            when old_stage_category = 'unknown' then 'first_known'
            else 'created'
        end as entering_name,
        old_currency_code is not distinct from new_currency_code as is_same_currency,
        old_account_key is distinct from new_account_key
            or old_owner_user_key is distinct from new_owner_user_key
            or old_segment is distinct from new_segment as is_transferred,
        old_account_id is distinct from new_account_id as is_filed_elsewhere
    from scoped
    where old_counts
        or new_counts
        or is_decided_from_elsewhere

)

{% set kept = 'old_counts and new_counts and is_same_currency' -%}
{%- set filed = kept ~ ' and not is_transferred and is_filed_elsewhere' -%}
{%- set entries = [
    ('entering_name', 'new', 'new_value', 'new_corporate_value', 'new', 1, 'new_counts and not old_counts'),
    ('leaving_name', 'old', '-old_value', '-old_corporate_value', 'old', -1, 'old_counts and not new_counts'),
    ('moving_in_name', 'old', 'old_value', 'old_corporate_value', 'old', 1, 'is_decided_from_elsewhere'),
    ('leaving_name', 'old', '-old_value', '-old_corporate_value', 'old', -1, 'is_decided_from_elsewhere'),
    ("'transferred_out'", 'old', '-old_value', '-old_corporate_value', 'old', -1, kept ~ ' and is_transferred'),
    ("'transferred_in'", 'new', 'old_value', 'old_corporate_value', 'old', 1, kept ~ ' and is_transferred'),
    ("'merged'", 'old', '-old_value', '-old_corporate_value', 'old', -1, filed),
    ("'merged'", 'new', 'old_value', 'old_corporate_value', 'old', 1, filed),
    ("case when new_value > old_value then 'increased' else 'decreased' end", 'new', 'new_value - old_value',
        'new_corporate_value - revalued_corporate_value', 'either', 0, kept ~ ' and new_value <> old_value'),
    ("'revalued'", 'new', '0', 'revalued_corporate_value - old_corporate_value', 'either', 0,
        kept ~ ' and revalued_corporate_value <> old_corporate_value'),
    ("'revalued'", 'old', '-old_value', '-old_corporate_value', 'old', -1, 'old_counts and new_counts and not is_same_currency'),
    ("'revalued'", 'new', 'new_value', 'new_corporate_value', 'new', 1, 'old_counts and new_counts and not is_same_currency')
] -%}
{% for name, side, amount, corporate_amount, rates, count, condition in entries -%}
select
    period_key, pipeline_scope, opportunity_key, boundary_number, {{ loop.index }} as entry_number, {{ name }} as movement_name, movement_date,
    {{ side }}_account_key as account_key, {{ side }}_owner_user_key as owner_user_key, {{ side }}_segment as segment, {{ side }}_currency_code as currency_code,
    {{ count }} as opportunity_count,
    {{ rates }}_rate_missing as rate_missing_count,
    cast({{ amount }} as {{ plumbline.type_decimal(18, 2) }}) as amount,
    cast({{ corporate_amount }} as {{ plumbline.type_decimal(18, 2) }}) as corporate_amount
from valued
where {{ condition }}
{{ 'union all' if not loop.last }}
{% endfor %}
{% endmacro %}
