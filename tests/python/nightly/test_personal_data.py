"""Personal data that is planted in the raw tables must not reach anything that is published."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import duckdb
import pytest

if TYPE_CHECKING:
    from conftest import BuiltProject

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


def canaries(built_project: BuiltProject) -> list[str]:
    """E-mail addresses, phone numbers, names and spoken sentences that only the planted people have."""
    with duckdb.connect(str(built_project.data.truth), read_only=True) as connection:
        return [str(value) for (value,) in connection.execute("select value from truth_canaries").fetchall()]


def texts(built_project: BuiltProject) -> dict[str, str]:
    """All published text: {table.column: every distinct value in lower case}."""
    found = {}
    with duckdb.connect(str(built_project.published / "marts.duckdb"), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where not internal and data_type = 'VARCHAR'"
        ).fetchall()
        for table, column in columns:
            (text,) = connection.execute(
                f'select coalesce(string_agg(distinct "{column}", chr(10)), \'\') from "{table}"'
            ).fetchone() or ("",)
            found[f"{table}.{column}"] = text.lower()
    return found


@pytest.fixture(scope="module")
def published_texts(built_project: BuiltProject) -> dict[str, str]:
    return texts(built_project)


def test_the_canaries_are_in_the_raw_tables(built_project: BuiltProject) -> None:
    assert len(canaries(built_project)) >= 10
    with built_project.connect() as connection:
        raw = " ".join(
            str(row)
            for table in ("salesforce.contact", "salesforce.lead", "marketo.lead", "gong.transcript")
            for row in connection.execute(f"select * from raw.{table}").fetchall()
        )
    assert sum(value in raw for value in canaries(built_project)) >= 10


def test_no_canary_is_published(built_project: BuiltProject, published_texts: dict[str, str]) -> None:
    assert len(published_texts) > 50
    leaks = [
        (place, kind)
        for place, text in published_texts.items()
        for kind, value in enumerate(canaries(built_project))
        if value.lower() in text
    ]
    assert not leaks


def test_no_address_is_published(published_texts: dict[str, str]) -> None:
    assert [place for place, text in published_texts.items() if ADDRESS.search(text)] == []


def test_no_canary_stands_in_logs_or_the_manifest(built_project: BuiltProject) -> None:
    files = [
        path
        for folder in (built_project.report.outcome.target_path, built_project.published.resolve())
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in {".json", ".log", ".jsonl", ".txt"}
    ]
    assert files
    for path in files:
        text = path.read_text(errors="replace")
        assert [kind for kind, value in enumerate(canaries(built_project)) if value in text] == [], path.name
