"""Personal data in what is published is found in tables, Parquet files and texts, and not repeated."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from plumbline.quality.checks.catalogue import BY_CODE
from plumbline.quality.checks.model import Published
from quality.checks.planted import column, found, model, project

CANARY = "Zephyrine Quillfeather"


@pytest.mark.parametrize(
    ("name", "is_found"),
    [("email", True), ("contact_phone_number", True), ("has_email", False), ("email_count", False)],
)
def test_a_column_for_personal_data_is_found(name: str, is_found: bool) -> None:
    planted = project(model("dim_a", columns={name: column(name)}))
    assert bool(found(BY_CODE["PB501"], planted)) is is_found


@pytest.fixture
def published(tmp_path: Path) -> Published:
    with duckdb.connect(str(tmp_path / "marts.duckdb")) as connection:
        connection.execute("create table dim_a as select 'Acme' as name, 1 as id")
        connection.execute(f"copy dim_a to '{tmp_path / 'dim_a.parquet'}'")
    (tmp_path / "manifest.json").write_text("{}")
    return Published(tmp_path, [CANARY])


def leaks(published: Published) -> list[str]:
    return found(BY_CODE["PB502"], project(published=published))


def test_a_planted_value_is_found_in_every_kind_of_file(published: Published) -> None:
    assert leaks(published) == []
    with duckdb.connect(str(published.folder / "marts.duckdb")) as connection:
        connection.execute(f"insert into dim_a values ('by {CANARY.upper()}', 2), ('a.b@c.example', 3)")
        connection.execute(f"copy dim_a to '{published.folder / 'dim_a.parquet'}'")
    (published.folder / "manifest.json").write_text(f'{{"by": "{CANARY}"}}')
    assert [text.split(": ")[0] for text in leaks(published)] == [
        *("dim_a.parquet", "dim_a.parquet", "manifest.json", "marts.duckdb", "marts.duckdb")
    ]
    assert CANARY.lower() not in " ".join(leaks(published)).lower()
