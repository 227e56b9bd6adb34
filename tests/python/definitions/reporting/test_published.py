"""What a page tells of published figures: the newest that stand, restated where that differs, and reported gaps."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from plumbline.definitions.reporting.published import published

THEN, TODAY = "in_force_then", "restated"


@pytest.fixture
def marts() -> Iterator[duckdb.DuckDBPyConnection]:
    """The two marts, empty."""
    with duckdb.connect() as connection:
        connection.execute(
            """
            create table fct_metric_results (
                metric varchar, basis varchar, period_key varchar, slice_type varchar, unit varchar,
                currency_code varchar, definitions varchar, metric_value decimal(20, 4), rate_missing_count int,
                unknown_count int, is_standing boolean, as_of_date date
            );
            create table fct_reported_metric_gaps (
                report_id varchar, metric varchar, period_key varchar, team varchar, unit varchar,
                reported_value decimal(20, 4), reported_date date, official_value decimal(20, 4),
                definition_difference decimal(20, 4), timing_difference decimal(20, 4),
                scope_difference decimal(20, 4), unexplained_difference decimal(20, 4), unknown_parts varchar,
                rejection_reason varchar
            )
            """
        )
        yield connection


def result(
    marts: duckdb.DuckDBPyConnection,
    value: str | None,
    *,
    metric: str = "won_amount",
    basis: str = THEN,
    period: str = "FY2026-M06",
    slice_type: str = "total",
    unit: str = "amount",
    standing: bool = True,
    unknown: int = 0,
) -> None:
    currency = "EUR" if unit == "amount" else None
    row = [metric, basis, period, slice_type, unit, currency, "won@1", value, 0, unknown, standing, date(2026, 7, 1)]
    marts.execute(f"insert into fct_metric_results values ({', '.join('?' * len(row))})", row)


def gap(marts: duckdb.DuckDBPyConnection, *values: object) -> None:
    marts.execute(f"insert into fct_reported_metric_gaps values ({', '.join('?' * len(values))})", list(values))


def test_the_newest_month_and_quarter_stand_with_their_currency(marts: duckdb.DuckDBPyConnection) -> None:
    result(marts, "999", period="FY2026-M05")
    result(marts, "1234567.49")
    result(marts, "1", standing=False)
    result(marts, "2", slice_type="segment")
    result(marts, "3000000", period="FY2026-Q2", unknown=3)
    result(marts, "2900000", period="FY2026-Q2", basis=TODAY)
    result(marts, "0.3023", metric="win_rate", unit="share")
    result(marts, None, metric="won_count", unit="count")
    found = published(marts)
    month, quarter = found["won_amount"].figures
    assert (month.period_key, month.told, month.told_today, month.notes) == (
        "FY2026-M06",
        "1,234,567 EUR",
        "the same",
        "",
    )
    assert (quarter.told, quarter.told_today) == ("3,000,000 EUR", "2,900,000 EUR")
    assert quarter.notes == "leaves out 3 of which that is not known"
    assert found["win_rate"].figures[0].told == "30.2 %"
    assert found["won_count"].figures[0].told == "not known"


def test_a_figure_that_was_taken_back_is_none(marts: duckdb.DuckDBPyConnection) -> None:
    result(marts, None, standing=False)
    assert published(marts) == {}


def test_a_reported_number_says_why_it_parts(marts: duckdb.DuckDBPyConnection) -> None:
    result(marts, "1500")
    result(marts, "0.3023", metric="win_rate", unit="share")
    day, parts = date(2026, 7, 2), [Decimal(-450), None, Decimal(0), Decimal(-50)]
    gap(marts, "a", "won_amount", "FY2026-M06", "customer_success", "amount", 1000, day, 1500, *parts, "timing", None)
    gap(marts, "b", "won_amount", "FY2026-M05", "sales", "amount", 1500, None, 1500, 0, 0, 0, 0, "", None)
    gap(marts, "c", "won_amount", "FY2026-M04", "sales", "amount", 5, None, *[None] * 6, "it counts nothing")
    gap(marts, "d", "win_rate", "FY2026-M06", "sales", "share", "0.2273", day, "0.3023", "-0.075", 0, 0, 0, "", None)
    assert [item.told for item in published(marts)["won_amount"].gaps] == [
        "Customer success reported 1,000 EUR for FY2026-M06 on 2026-07-02, −500 EUR against the official 1,500 EUR: "
        "definition −450 EUR, unexplained −50 EUR; not known: timing.",
        "Sales reported 1,500 EUR for FY2026-M05, as was published.",
        "Sales reported 5 EUR for FY2026-M04, which cannot be used: it counts nothing.",
    ]
    [rate] = published(marts)["win_rate"].gaps
    assert rate.told == (
        "Sales reported 22.7 % for FY2026-M06 on 2026-07-02, −7.5 points against the official 30.2 %: "
        "definition −7.5 points."
    )
