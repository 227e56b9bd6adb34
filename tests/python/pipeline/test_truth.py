"""Pipeline of the sample company against its truth, and against a reference in plain Python, day by day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

import duckdb
import pytest

from pipeline import reference

# What stood at the end of each day, by the validity of versions.
OPEN_BY_DAY = """
    select days.day, versions.currency_code, sum(coalesce(versions.amount, 0)), count(*)
    from (select unnest(generate_series($1::timestamp, $2::timestamp, interval 1 day))::date as day) as days
    inner join @.main.fct_opportunity_versions as versions
        on versions.valid_from_at < days.day + interval 1 day
        and (versions.valid_to_at is null or versions.valid_to_at >= days.day + interval 1 day)
    where versions.stage_category = $3 and not versions.is_deleted
    group by all
"""


class TruthBuild(Protocol):
    """The built project with the raw data and the truth attached."""

    connection: duckdb.DuckDBPyConnection


def fetch(build: TruthBuild, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Rows of a query; `@` is the catalog of the build, whose name may be that of a schema too."""
    catalog = build.connection.execute("select current_database()").fetchall()[0][0]
    return build.connection.execute(sql.replace("@.", f'"{catalog}".'), list(parameters)).fetchall()


@pytest.fixture(scope="module")
def span(truth_build: TruthBuild) -> tuple[date, date]:
    """From the first full day on which the history of all deals is known, to the day before the as-of date."""
    return known_span(truth_build)


def known_span(truth_build: TruthBuild) -> tuple[date, date]:
    """The first and the last full day on which the history of all deals is known."""
    [(first,)] = fetch(
        truth_build,
        "select max(known.stage_known_from) from truth.main.truth_history_known_from as known "
        "inner join truth.main.truth_opportunities as deals using (opportunity_id) "
        "where known.stage_known_from > deals.created_at and deals.has_snapshots",
    )
    [(last,)] = fetch(truth_build, "select as_of_date from @.intermediate.as_of")
    assert (last - first.date()).days > 365
    return first.date(), last - timedelta(days=1)


@pytest.fixture(scope="module")
def deals(truth_build: TruthBuild) -> list[reference.Deal]:
    """All deals of the raw data, read in plain Python."""
    return reference.deals(truth_build.connection)


@pytest.mark.parametrize(
    ("category", "amount", "count"),
    [("open", "open_amount", "open_count"), ("unmapped", "unlisted_amount", "unlisted_count")],
)
def test_pipeline_of_every_known_day_is_the_truth(
    truth_build: TruthBuild, span: tuple[date, date], category: str, amount: str, count: str
) -> None:
    rebuilt = {
        (day, currency): (total, number)
        for day, currency, total, number in fetch(truth_build, OPEN_BY_DAY, *span, category)
    }
    truth = {
        (day, currency): (total, number)
        for day, currency, total, number in fetch(
            truth_build,
            f"select date, currency_code, {amount}, {count} from truth.main.truth_pipeline_daily "
            "where date between $1 and $2",
            *span,
        )
        if number
    }
    assert truth
    assert {
        key: (rebuilt.get(key), truth.get(key))
        for key in rebuilt.keys() | truth.keys()
        if rebuilt.get(key) != truth.get(key)
    } == {}


def test_pipeline_of_every_day_is_what_plain_python_rebuilds(
    truth_build: TruthBuild, span: tuple[date, date], deals: list[reference.Deal]
) -> None:
    start = span[0] - timedelta(days=120)
    expected = reference.open_by_day(deals, reference.open_stages(truth_build.connection), start, span[1])
    rebuilt = {
        (day, currency): (total, number)
        for day, currency, total, number in fetch(truth_build, OPEN_BY_DAY, start, span[1], "open")
    }
    assert len(expected) > 365
    assert {
        key: (rebuilt.get(key), expected.get(key))
        for key in rebuilt.keys() | expected.keys()
        if rebuilt.get(key) != expected.get(key)
    } == {}


def test_the_double_entry_adds_up_to_the_truth_of_every_day(truth_build: TruthBuild, span: tuple[date, date]) -> None:
    wrong = fetch(
        truth_build,
        """
        with changes as (
            select movement_date as date, currency_code,
                sum(amount) as amount, sum(opportunity_count) as number
            from @.main.fct_pipeline_movements where stage_category = 'open' and not is_deleted
            group by all
        ),
        summed as (
            select truth.date, truth.currency_code, truth.open_amount, truth.open_count,
                sum(coalesce(changes.amount, 0)) over so_far as amount,
                sum(coalesce(changes.number, 0)) over so_far as number
            from truth.main.truth_pipeline_daily as truth
            left join changes on changes.date = truth.date and changes.currency_code = truth.currency_code
            window so_far as (partition by truth.currency_code order by truth.date)
        )
        select * from summed where date between $1 and $2 and (amount <> open_amount or number <> open_count)
        """,
        *span,
    )
    assert wrong == []


def test_every_version_since_the_history_is_known_is_the_true_state(truth_build: TruthBuild) -> None:
    compared, *wrong = fetch(
        truth_build,
        """
        select count(*),
            count(*) filter (versions.stage_name is distinct from states.stage_name),
            count(*) filter (versions.amount is distinct from states.amount),
            count(*) filter (versions.close_date is distinct from states.close_date),
            count(*) filter (
                deals.has_snapshots and versions.probability is distinct from states.probability / 100
            ),
            count(*) filter (versions.is_deleted is distinct from states.is_deleted),
            count(*) filter (
                versions.stage_category
                <> case when states.is_listed_stage then states.stage_category else 'unmapped' end
            )
        from @.main.fct_opportunity_versions as versions
        inner join truth.main.truth_opportunities as deals on versions.opportunity_id = deals.opportunity_id
        inner join truth.main.truth_opportunity_states as states
            on versions.opportunity_id = states.opportunity_id
            and versions.valid_from_at < coalesce(states.valid_to, timestamp '9999-01-01')
            and states.valid_from < coalesce(versions.valid_to_at, timestamp '9999-01-01')
        where coalesce(versions.valid_to_at, timestamp '9999-01-01') > versions.history_known_from
            and coalesce(states.valid_to, timestamp '9999-01-01') > versions.history_known_from
        """,
    )[0]
    assert compared > 500
    assert wrong == [0] * len(wrong)


def test_each_version_says_how_it_is_known(truth_build: TruthBuild) -> None:
    """Unknown before the first row of the history, observed since, and known from where the truth says."""
    labels = fetch(
        truth_build,
        """
        select versions.evidence, versions.valid_from_at >= known.stage_known_from as is_known,
            versions.history_known_from = known.stage_known_from as agrees, count(*)
        from @.main.fct_opportunity_versions as versions
        inner join truth.main.truth_history_known_from as known
            on versions.opportunity_id = known.opportunity_id
        inner join truth.main.truth_opportunities as deals on versions.opportunity_id = deals.opportunity_id
        where deals.has_snapshots
        group by all
        """,
    )
    assert {(evidence, is_known, agrees) for evidence, is_known, agrees, _ in labels} == {
        ("observed", True, True),
        ("unknown", False, True),
    }


def test_a_past_without_snapshots_is_rebuilt_from_tracked_changes(truth_build: TruthBuild) -> None:
    """From the creation on: called reconstructed until each field has changed once, observed from there on."""
    deals = fetch(
        truth_build,
        """
        select versions.opportunity_id,
            string_agg(distinct versions.evidence, ' ' order by versions.evidence),
            min_by(versions.evidence, versions.valid_from_at),
            min(versions.valid_from_at) = min(deals.created_at),
            min(versions.history_known_from) >= min(known.stage_known_from)
        from @.main.fct_opportunity_versions as versions
        inner join truth.main.truth_opportunities as deals using (opportunity_id)
        inner join truth.main.truth_history_known_from as known using (opportunity_id)
        where not deals.has_snapshots
        group by versions.opportunity_id
        """,
    )
    assert len(deals) >= 50
    assert {tuple(labels) for _, *labels in deals} == {("observed reconstructed", "reconstructed", True, True)}
    [(compared, wrong)] = fetch(
        truth_build,
        """
        select count(*), count(*) filter (
            versions.stage_name is distinct from states.stage_name
            or versions.amount is distinct from states.amount
            or versions.close_date is distinct from states.close_date
        )
        from @.main.fct_opportunity_versions as versions
        inner join truth.main.truth_opportunities as deals on versions.opportunity_id = deals.opportunity_id
        inner join truth.main.truth_opportunity_states as states
            on versions.opportunity_id = states.opportunity_id
            and versions.valid_from_at < coalesce(states.valid_to, timestamp '9999-01-01')
            and states.valid_from < coalesce(versions.valid_to_at, timestamp '9999-01-01')
        where not deals.has_snapshots and versions.evidence = 'reconstructed'
        """,
    )
    assert compared >= len(deals)
    assert wrong == 0


def test_owners_are_true_where_they_are_called_observed(truth_build: TruthBuild) -> None:
    [(compared, wrong)] = fetch(
        truth_build,
        """
        select count(*), count(*) filter (users.user_key is distinct from versions.owner_user_key)
        from @.main.fct_opportunity_versions as versions
        inner join truth.main.truth_opportunity_states as states
            on versions.opportunity_id = states.opportunity_id
            and versions.valid_from_at >= states.valid_from
            and versions.valid_from_at < coalesce(states.valid_to, timestamp '9999-01-01')
        inner join @.intermediate.int_users_mapped as users
            on users.source_system = 'salesforce' and users.source_record_id = states.owner_id
        where versions.owner_evidence = 'observed'
        """,
    )
    assert compared > 500
    assert wrong == 0


def test_open_pipeline_in_corporate_currency_takes_the_rate_of_the_day(
    truth_build: TruthBuild, span: tuple[date, date], deals: list[reference.Deal]
) -> None:
    """Every thirty days, per deal: the amount divided by the rate of that day, where the table has one."""
    stages = reference.open_stages(truth_build.connection)
    rates = fetch(
        truth_build,
        "select iso_code, start_date, next_start_date, conversion_rate from raw.salesforce.dated_conversion_rate",
    )
    days = [span[0] + timedelta(days=30 * number) for number in range((span[1] - span[0]).days // 30)]
    compared = missing = 0
    for day in days:
        rate_of = {code: Decimal(str(rate)) for code, start, end, rate in rates if start <= _at(start, day) < end}
        worth = dict(
            fetch(
                truth_build,
                "select opportunity_id, sum(movements.corporate_amount) "
                "from @.main.fct_pipeline_movements as movements "
                "inner join (select distinct opportunity_key, opportunity_id "
                "from @.main.fct_opportunity_versions) using (opportunity_key) "
                "where movement_date <= $1 and is_open "
                "group by opportunity_id having sum(opportunity_count) = 1",
                day,
            )
        )
        for deal in deals:
            moment = deal.at_end_of(day)
            if moment is None or moment.is_deleted or moment.stage not in stages or moment.amount is None:
                continue
            rate = Decimal(1) if deal.currency == "USD" else rate_of.get(deal.currency)
            if rate is None:
                missing += 1
                continue
            expected = (moment.amount / rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
            assert abs(worth[deal.id] - expected) <= Decimal("0.01"), (deal.id, day)
            compared += 1
    assert compared > 100


def _at(like: Any, day: date) -> Any:
    """The day in the type that the raw column has."""
    return datetime.combine(day, datetime.min.time()) if isinstance(like, datetime) else day
