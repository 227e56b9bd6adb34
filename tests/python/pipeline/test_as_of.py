"""The as-of date that somebody sets: the day of the newest load or a later one; an earlier one is refused in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from support.dbt import DbtRun, run_dbt

LOADED = date(2026, 3, 31)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Raw data that was loaded on one day."""
    folder = tmp_path_factory.mktemp("as_of")
    with duckdb.connect(str(folder / "raw.duckdb")) as connection:
        connection.execute("create schema salesforce")
        connection.execute(
            "create table salesforce.account as select '001000000000001AAA' as id, "
            "timestamptz '2026-03-31 23:30:00+00' as _fivetran_synced"
        )
    return folder


def build(folder: Path, as_of_date: str) -> DbtRun:
    return run_dbt(
        ["run", "--select", "+as_of", "int_fiscal_months"],
        raw=folder / "raw.duckdb",
        database=folder / "marts.duckdb",
        target_path=folder / "target",
        variables={"as_of_date": as_of_date},
        check=False,
    )


def test_a_day_before_the_newest_load_is_refused(folder: Path) -> None:
    run = build(folder, "2026-03-30")
    assert not run.success
    message = run.messages["as_of"]
    assert "the setting as_of_date is '2026-03-30', but raw data was loaded until 2026-03-31" in message
    assert "Set it to 2026-03-31 or later, or leave it empty" in message
    assert "fct_opportunity_versions" in message


def test_a_later_day_is_looked_from(folder: Path) -> None:
    run = build(folder, "2027-05-01")
    assert run.success, run.explain()
    with duckdb.connect(str(folder / "marts.duckdb"), read_only=True) as connection:
        connection.execute(f"attach '{folder / 'raw.duckdb'}' as raw (read_only)")
        days = connection.execute("select as_of_date, newest_loaded_at::date from intermediate.as_of")
        (seen,) = days.fetchall()
        years = connection.execute("select max(fiscal_year) from intermediate.int_fiscal_months").fetchall()
    assert (seen, years) == ((date(2027, 5, 1), LOADED), [(2027 + 6,)])
