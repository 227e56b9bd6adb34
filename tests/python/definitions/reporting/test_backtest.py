"""What a change would have done: against what the night counts of the same two conditions, and on a few records."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import duckdb
import pytest

from cli.definitions.running import run
from definitions.small_project import ROOT
from plumbline.definitions import Library, load_library
from plumbline.definitions.importing import load_variants
from plumbline.definitions.prover import Verdict
from plumbline.definitions.proving.proposals import Proposal, of_words
from plumbline.definitions.proving.sides import of_variant, of_version
from plumbline.definitions.reporting.backtest import backtest
from plumbline.definitions.reporting.simulated import simulated_object
from plumbline.definitions.semantics import load_semantics

AS_OF = date(2026, 6, 30)


def test_months_are_those_of_the_divergence(built_project: Any) -> None:
    """A variant, proposed as the shared version, parts from it by month as the night's models have it."""
    library, semantics = load_library(built_project.root), load_semantics(built_project.root)
    day = date.fromisoformat(built_project.report.findings.as_of_date)
    compared = parted = 0
    with built_project.connect() as connection:
        variants = load_variants(library)
        for name in ("pipeline_sales", "new_business_marketing", "mql_sales"):
            found = variants[name]
            governed, version = found.governed, found.governed.in_force(day)
            change = Proposal(governed, version, of_version(governed, version), of_variant(found, semantics))
            told = {month.period_key: month for month in backtest(connection, change, day, 180, "UTC", 1).months}
            rows = connection.execute(
                """
                select period_key, record_count, unknown_count, both_count, only_first_count, only_second_count,
                    is_outcome_known, both_later_won_count, only_first_later_won_count, only_second_later_won_count
                from agg_definition_divergence_monthly
                -- an older version of the term judged before
                where first_side = 'shared' and second_side = ? and end_date >= ?
                """,
                [name, version.effective_from if version.version > 1 else date(1, 1, 1)],
            ).fetchall()
            for key, *numbers in rows:
                month = told[key]
                cells = (month.both, month.lost, month.gained)
                outcomes = [cell.outcomes["won"] if month.is_outcome_known else None for cell in cells]
                counts = [month.record_count, month.unknown_count, *(cell.count for cell in cells)]
                assert [*counts, month.is_outcome_known, *outcomes] == numbers, (name, key)
                compared, parted = compared + 1, parted + month.lost.count + month.gained.count
    assert compared > 60 and parted > 100


SCHEMA = """
    create table fct_opportunities (opportunity_key bigint, stage_category varchar, forecast_category varchar,
        is_deleted boolean, amount decimal(18, 2), corporate_amount decimal(18, 2), corporate_currency_code varchar,
        is_rate_missing boolean, is_open boolean, won_at timestamp, created_at timestamp);
    create table fct_opportunity_versions (opportunity_key bigint, stage_category varchar, forecast_category varchar,
        is_deleted boolean, amount decimal(18, 2), evidence varchar, valid_from_at timestamp, valid_to_at timestamp);
    create table dim_periods (period_key varchar, period_type varchar, is_past boolean, is_current boolean,
        end_date date, ends_at timestamp);
    create table bridge_opportunity_people (opportunity_key bigint, person_key bigint, is_primary boolean);
    create table dim_people (person_key bigint, became_mql_at timestamp, first_sales_touch_at timestamp,
        rejected_at timestamp, became_sal_at timestamp);
    create table fct_person_versions (person_key bigint, lead_score bigint, lead_status varchar, employee_count bigint,
        is_opted_out boolean, is_competitor boolean, demo_requested_at timestamp, is_deleted boolean,
        is_current boolean, evidence varchar, valid_from_at timestamp, valid_to_at timestamp);
    insert into dim_periods values
        ('2025-M11', 'month', true, false, '2025-11-30', '2025-12-01'),
        ('2026-M05', 'month', true, false, '2026-05-31', '2026-06-01'),
        ('2026-M06', 'month', false, true, '2026-06-30', '2026-07-01');
"""


@pytest.fixture(scope="module")
def library() -> Library:
    """The project's own definitions."""
    return load_library(ROOT)


@pytest.fixture
def few() -> duckdb.DuckDBPyConnection:
    """Marts with the columns that a backtest reads, and nothing in them."""
    connection = duckdb.connect(":memory:")
    connection.execute(SCHEMA)
    return connection


def deal(connection: duckdb.DuckDBPyConnection, key: int, *versions: tuple[Any, ...], won: str | None = None) -> None:
    """An opportunity by its versions: (from, stage, amount, evidence); the last is how it is today."""
    ends = [version[0] for version in versions[1:]] + [None]
    for (begins, stage, amount, evidence), end in zip(versions, ends, strict=True):
        connection.execute(
            "insert into fct_opportunity_versions values (?, ?, 'pipeline', false, ?, ?, ?, ?)",
            [key, stage, amount, evidence, begins, end],
        )
    _, stage, amount, _ = versions[-1]
    connection.execute(
        "insert into fct_opportunities values (?, ?, 'pipeline', false, ?, ?, 'USD', false, ?, ?, ?)",
        [key, stage, amount, amount, stage == "open", won, versions[0][0]],
    )


def test_wins_are_missed_only_where_the_change_never_saw_them(few: duckdb.DuckDBPyConnection, library: Library) -> None:
    seen, unknown = "observed", "unknown"
    deal(
        few, 1, ("2025-10-01", "open", 5, seen), ("2026-02-01", "won", 50, seen), won="2026-02-01"
    )  # grew as it closed
    deal(few, 2, ("2025-10-01", "open", 5, seen), ("2025-12-05", "open", 50, seen), ("2026-01-15", "won", 50, seen),
         won="2026-01-15")  # fmt: skip
    deal(few, 3, ("2025-10-01", "open", 50, unknown), ("2026-01-01", "won", 50, seen), won="2026-01-01")
    deal(few, 4, ("2025-10-01", "open", 5, seen))
    deal(few, 5, ("2026-06-01", "open", 70, seen))
    governed = library.terms["pipeline"]
    change = of_words(governed, governed.in_force(AS_OF), ["sized=amount >= 10"], [])
    found = backtest(few, change, AS_OF, 180, "UTC", 5)
    assert found.wins is not None
    assert vars(found.wins) == {"count": 3, "now": 2, "missed": 1, "gained": 0, "unknown": 1}
    then = {month.period_key: month for month in found.months}
    november = then["2025-M11"]
    assert (november.now, november.proposed, november.unknown_count) == (3, 0, 1)
    assert (november.lost.outcomes["won"], november.is_outcome_known) == (2, True)
    assert then["2026-M06"].conversion("won", False) is None  # 180 days are not over
    assert str(november.conversion("won", False))[:4] == "0.66"
    assert (found.today.open_second.count, found.today.open_second.amount) == (1, 5)
    assert [record.record_key for record in found.today.records] == [4]
    assert found.load is None and any("1 are of a time that no record tells" in note for note in found.unknown)


def test_a_day_ends_where_the_business_is(few: duckdb.DuckDBPyConnection, library: Library) -> None:
    """Won at three in the night of the 181st day in UTC, the evening before in New York."""
    deal(
        few,
        1,
        ("2025-10-01", "open", 5, "observed"),
        ("2026-05-30 03:00", "won", 5, "observed"),
        won="2026-05-30 03:00",
    )
    governed = library.terms["pipeline"]
    change = of_words(governed, governed.in_force(AS_OF), ["sized=amount >= 10"], [])
    for zone, wins in (("UTC", 0), ("America/New_York", 1)):
        month = backtest(few, change, AS_OF, 180, zone, 1).months[0]
        assert month.lost.outcomes["won"] == wins, zone


def test_a_clock_starts_when_somebody_first_meets_the_word(few: duckdb.DuckDBPyConnection, library: Library) -> None:
    for key, score, size, begins in ((1, 70, 80, "2026-02-01"), (2, 70, 30, "2026-03-01"), (3, 70, 80, "2025-06-30")):
        few.execute("insert into dim_people values (?, null, null, null, null)", [key])
        few.execute(
            "insert into fct_person_versions values "
            "(?, ?, 'New', ?, false, false, null, false, false, 'observed', ?, '2026-04-01'),"
            "(?, 0, 'New', ?, false, false, null, false, true, 'observed', '2026-04-01', null)",
            [key, score, size, begins, key, size],
        )
    governed = library.terms["mql"]
    found = backtest(
        few, of_words(governed, governed.newest, ["fit_size=employee_count >= 20"], []), AS_OF, 180, "UTC", 1
    )
    assert found.load is not None
    assert (found.load.now, found.load.proposed) == (1, 2)  # the third began a day too early
    assert [level.id for level in found.load.levels] == ["follow_up"]
    assert any("`feedback` starts at rejected_at" in note for note in found.unknown)


def test_where_there_is_no_history_it_is_said(few: duckdb.DuckDBPyConnection, library: Library) -> None:
    few.execute(
        "create table dim_accounts (account_key bigint, touches_30d bigint, people_30d bigint, account_type varchar, "
        "employee_count bigint, is_competitor boolean); alter table fct_opportunities add account_key bigint"
    )
    governed = library.terms["mqa"]
    found = backtest(few, of_words(governed, governed.newest, ["several=people_30d >= 3"], []), AS_OF, 180, "UTC", 1)
    assert found.months == () and found.wins is None and "no past states" in found.unknown[0]
    governed = library.terms["mql"]
    late = of_words(governed, governed.newest, ["late=became_mql_at IS NULL"], [])
    found = backtest(few, late, AS_OF, 180, "UTC", 1)
    assert found.months == () and "`became_mql_at`, which past states of person" in found.unknown[0]


def test_simulate_tells_people_and_machines(built_project: Any) -> None:
    command = ("simulate", "mql", "--criterion", "fit_size=employee_count >= 20", "--limit", "1")
    found = run(built_project.root, *command, "--format", "md")
    assert found.exit_code == 0, found.output
    assert found.stdout.startswith(
        "mql as proposed is wider than mql@2: it is true for whatever mql@2 is.\n\nA person "
    )
    tables = [line for line in found.stdout.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in tables}) == 1 and len(tables) == 14
    assert (
        re.search(r"\d+ come in, 0 drop out", found.stdout) and "Clock `follow_up` (sales, 4 business" in found.stdout
    )


def test_machines_get_all_of_it(few: duckdb.DuckDBPyConnection, library: Library) -> None:
    deal(few, 1, ("2025-10-01", "open", 5, "observed"), ("2026-02-01", "won", 50, "observed"), won="2026-02-01")
    deal(few, 2, ("2026-06-01", "open", 5, "observed"))
    governed = library.terms["pipeline"]
    change = of_words(governed, governed.newest, ["sized=amount >= 10"], [])
    told = simulated_object(change, Verdict("narrower"), backtest(few, change, AS_OF, 180, "UTC", 5), AS_OF)
    said = json.loads(json.dumps(told, default=str))
    assert (said["verdict"], said["wins"]["missed"], said["sla_load"]) == ("narrower", 1, None)
    assert said["months"][0] == {
        "month": "2025-M11", "record_count": 1, "unknown_count": 0, "now": 1, "proposed": 0, "in": 0, "out": 1,
        "is_outcome_known": True, "conversion": {"won": {"now": 1.0, "proposed": None}}, "wins_in": 0, "wins_out": 1,
    }  # fmt: skip
    assert said["today"]["pipeline_out"]["amount"] == "5.00"
    assert [record["key"] for record in said["today"]["records"]] == ["2"]
