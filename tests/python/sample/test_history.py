"""What the CRM recorded agrees with what really happened, from the day it began to record."""

from __future__ import annotations

import duckdb

from plumbline.sample.settings import END, MIGRATION, NEWEST_LOAD, TRACKING

# Snapshots as they count: one per opportunity and second, the highest id of that second, ids in one form.
SNAPSHOTS = """
    select left(opportunity_id, 15) as opportunity_id, created_date, max_by(stage_name, id) as stage_name,
        max_by(struct_pack(amount := amount), id) as money, max_by(close_date, id) as close_date,
        max_by(forecast_category, id) as forecast_category, max_by(probability, id) as probability
    from raw.salesforce.opportunity_history group by all
"""
# What really was, whenever something changed that a snapshot shows.
STATES = """
    select *, left(opportunity_id, 15) as short_id,
        lag(struct_pack(
            a := stage_name, b := amount, c := close_date, d := forecast_category, e := probability
        )) over (partition by opportunity_id order by valid_from) is distinct from
        struct_pack(a := stage_name, b := amount, c := close_date, d := forecast_category, e := probability)
            as is_visible
    from truth.truth_opportunity_states where not is_deleted
"""


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def test_every_snapshot_shows_the_true_state(sample: duckdb.DuckDBPyConnection) -> None:
    wrong = f"""
        with snapshots as ({SNAPSHOTS}), states as ({STATES})
        select count(*) from snapshots
        left join states on states.short_id = snapshots.opportunity_id
            and states.valid_from <= snapshots.created_date
            and (states.valid_to is null or states.valid_to > snapshots.created_date)
        where states.stage_name is distinct from snapshots.stage_name
            or states.amount is distinct from cast(snapshots.money.amount as decimal(18, 2))
            or states.close_date is distinct from snapshots.close_date
            or states.forecast_category is distinct from snapshots.forecast_category
            or states.probability is distinct from snapshots.probability
    """
    assert _count(sample, wrong) == 0
    assert _count(sample, "select count(*) from raw.salesforce.opportunity_history") > 500


def test_every_change_since_the_migration_wrote_a_snapshot(sample: duckdb.DuckDBPyConnection) -> None:
    missing = f"""
        with snapshots as ({SNAPSHOTS}), states as ({STATES})
        select count(*) from states
        join truth.truth_history_known_from as known using (opportunity_id)
        join truth.truth_opportunities as deals using (opportunity_id)
        left join snapshots on snapshots.opportunity_id = states.short_id
            and snapshots.created_date = greatest(states.valid_from, known.stage_known_from)
        where states.is_visible and deals.has_snapshots and snapshots.opportunity_id is null
            and (states.valid_to is null or states.valid_to > known.stage_known_from)
    """
    assert _count(sample, missing) == 0
    earliest = "select epoch(min(created_date)) from raw.salesforce.opportunity_history"
    assert _count(sample, earliest) >= MIGRATION


def test_owner_changes_since_tracking_are_written_twice(sample: duckdb.DuckDBPyConnection) -> None:
    query = f"""
        with changes as (
            select left(opportunity_id, 15) as opportunity_id, valid_from, owner_id,
                lag(owner_id) over (partition by opportunity_id order by valid_from) as old_owner_id
            from truth.truth_opportunity_states
        ), rows as (
            select distinct left(opportunity_id, 15) as opportunity_id, created_date, data_type,
                left(old_value, 15) as old_value, left(new_value, 15) as new_value
            from raw.salesforce.opportunity_field_history where field = 'Owner' and data_type = 'EntityId'
        )
        select count(*), count(rows.opportunity_id), (select count(*) from rows),
            (select count(distinct id) from raw.salesforce.opportunity_field_history
             where field = 'Owner' and data_type = 'Text')
        from changes left join rows on rows.opportunity_id = changes.opportunity_id
            and rows.created_date = changes.valid_from and rows.new_value = left(changes.owner_id, 15)
            and rows.old_value = left(changes.old_owner_id, 15)
        where old_owner_id <> owner_id and valid_from >= to_timestamp({TRACKING}) at time zone 'UTC'
    """
    row = sample.execute(query).fetchone()
    assert row is not None
    true_changes, found, by_id, by_name = row
    assert true_changes > 0
    assert true_changes == found == by_id == by_name


def test_the_current_row_is_the_last_state(sample: duckdb.DuckDBPyConnection) -> None:
    query = """
        with current_rows as (
            select left(id, 15) as short_id, max_by(struct_pack(s := stage_name, a := amount, d := is_deleted,
                o := left(owner_id, 15), m := system_modstamp, c := close_date),
                (system_modstamp, _fivetran_synced)) as v
            from raw.salesforce.opportunity group by all
        )
        select count(*) from truth.truth_opportunity_states as states
        left join current_rows on current_rows.short_id = left(states.opportunity_id, 15)
        where states.valid_to is null and (v.s is distinct from states.stage_name
            or v.d is distinct from is_deleted
            or cast(v.a as decimal(18, 2)) is distinct from states.amount or v.o <> left(states.owner_id, 15)
            or cast(v.c as date) is distinct from states.close_date
            or (is_deleted and v.m <> states.valid_from))
    """
    assert _count(sample, query) == 0


def test_pipeline_of_a_day_is_the_sum_of_its_open_states(sample: duckdb.DuckDBPyConnection) -> None:
    query = """
        with expected as (
            select daily.date, daily.currency_code, coalesce(sum(amount), 0) as amount,
                count(opportunity_id) as number
            from truth.truth_pipeline_daily as daily
            left join truth.truth_opportunity_states as states on states.currency_code = daily.currency_code
                and stage_category = 'open' and is_listed_stage and not is_deleted
                and valid_from < daily.date + interval 1 day
                and (valid_to is null or valid_to >= daily.date + interval 1 day)
            where daily.date in ('2023-09-30', '2024-03-01', '2025-06-30', '2026-06-30') group by all
        )
        select count(*) from expected join truth.truth_pipeline_daily as daily using (date, currency_code)
        where expected.amount <> daily.open_amount or expected.number <> daily.open_count
    """
    assert _count(sample, query) == 0
    assert _count(sample, "select count(*) from truth.truth_pipeline_daily where open_count > 0") > 1_000


def test_states_follow_each_other_without_gap(sample: duckdb.DuckDBPyConnection) -> None:
    query = """
        select count(*) from (
            select valid_from, valid_to,
                lead(valid_from) over (partition by opportunity_id order by state_number) as following
            from truth.truth_opportunity_states
        ) where valid_to is distinct from following or valid_to <= valid_from
    """
    assert _count(sample, query) == 0


def test_nothing_happens_after_the_end(sample: duckdb.DuckDBPyConnection) -> None:
    latest = "select epoch(max(valid_from)) from truth.truth_opportunity_states"
    assert _count(sample, latest) < END
    tables = sample.execute(
        "select table_schema, table_name from information_schema.columns "
        "where table_catalog = 'raw' and column_name = '_fivetran_synced'"
    ).fetchall()
    loads = [
        _count(sample, f'select coalesce(epoch(max(_fivetran_synced)), 0) from raw."{schema}"."{table}"')
        for schema, table in tables
    ]
    assert max(loads) == NEWEST_LOAD


def test_deals_have_lives(sample: duckdb.DuckDBPyConnection) -> None:
    counts = sample.execute("""
        select count(*) filter (outcome = 'won'), count(*) filter (outcome = 'lost'),
            count(*) filter (outcome = 'open'),
            count(*) filter (was_reopened), count(deleted_at), sum(slips), count(distinct opportunity_type)
        from truth.truth_opportunities
    """).fetchone()
    assert counts is not None
    assert all(count >= 2 for count in counts), counts
