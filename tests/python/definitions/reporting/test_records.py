"""Records on which two conditions part, against what the night's models count of the same."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cli.definitions.running import run
from plumbline.definitions import Library, load_library
from plumbline.definitions.importing import load_variants
from plumbline.definitions.proving.sides import of_variant, of_version
from plumbline.definitions.reporting.measured import PartingRecord
from plumbline.definitions.reporting.records import Apart, Money, NoRecordsError, apart, apart_object
from plumbline.definitions.semantics import load_semantics


@pytest.fixture(scope="module")
def library(built_project: Any) -> Library:
    """The definitions that the marts were built by."""
    return load_library(built_project.root)


def test_records_part_as_the_marts_have_it(built_project: Any, library: Library) -> None:
    semantics = load_semantics(built_project.root)
    day = date.fromisoformat(built_project.report.findings.as_of_date)
    parted = 0
    with built_project.connect() as connection:
        for name, found in load_variants(library).items():
            shared = of_version(found.governed, found.governed.in_force(day))
            sides = ((name, of_variant(found, semantics).criteria), ("shared", shared.criteria))
            said = apart(connection, found.governed.entity, *sides, 3)
            rows = connection.execute(
                """
                select record_key, yes_side, unmet_criteria, open_opportunity_count, open_corporate_amount
                from fct_definition_disagreements
                where first_side = 'shared' and second_side = ? and basis = 'stated' order by record_key
                """,
                [name],
            ).fetchall()
            assert (said.parted, said.only_first) == (len(rows), sum(1 for row in rows if row[1] == name)), name
            first = [(r.record_key, r.yes_side, ", ".join(r.unmet), r.open_count, r.open_amount) for r in said.records]
            assert first == rows[:3], name
            if found.governed.term.entity != "person":  # whose opportunities may lie on two people
                assert (said.disputed.count, said.disputed.amount) == (sum(r[3] for r in rows), sum(r[4] for r in rows))
            parted += said.parted
    assert parted > 100


def test_what_the_marts_do_not_have_is_named(built_project: Any, library: Library) -> None:
    with built_project.connect() as connection, pytest.raises(NoRecordsError, match="`contract_end_date`"):
        entity = library.entities["account"]
        apart(connection, entity, ("a", {"end": "contract_end_date IS NULL"}), ("b", {"all": "segment IS NULL"}), 1)
    with built_project.connect() as connection, pytest.raises(NoRecordsError, match="no records of"):
        apart(connection, library.entities["account_year"], ("a", {}), ("b", {}), 1)


def test_machines_read_keys_as_texts() -> None:
    """28001929265722774 is 28001929265722776 where numbers are doubles."""
    record = PartingRecord(28001929265722774, None, "a", "b", (), Decimal(0), 0, {})
    nothing = Money(0, Decimal(0), 0)
    found = apart_object(Apart(1, 0, 1, 0, None, nothing, nothing, nothing, (record,)))
    assert found["records"][0]["record_key"] == "28001929265722774"


@pytest.fixture
def copied(built_project: Any, tmp_path: Path) -> Path:
    """The project's definitions, to write in."""
    shutil.copytree(built_project.root / "definitions", tmp_path / "project" / "definitions")
    shutil.copyfile(built_project.root / "dbt_project.yml", tmp_path / "project" / "dbt_project.yml")
    return tmp_path / "project"


def test_init_writes_a_variant_and_shows_where_it_disagrees(built_project: Any, copied: Path) -> None:
    """An export from elsewhere becomes a file that `check` accepts and `prove` compares."""
    export = copied.parent / "hot.json"
    shutil.copyfile(copied / "definitions" / "exports" / "sales" / "hot_leads_report.json", export)
    found = run(
        copied, "init", str(export), "--team", "customer_success", "--limit", "2", "--replace",
        "--term", "mql", "--database", str(built_project.database), "--accept-until", "2030-12-31",
        "--why", "They ask.",
    )  # fmt: skip
    assert found.exit_code == 0, found.output
    with built_project.connect() as connection:
        [(parted, people)] = connection.execute(
            """
            select
                count(*) filter (second_side = 'mql_sales' and first_side = 'shared'),
                (select count(*) from fct_person_versions where is_current and not is_deleted)
            from fct_definition_disagreements
            """
        ).fetchall()
    text = " ".join(found.stdout.split())
    assert f"They part on {parted} of {people:,} records: " in text
    assert (
        "The first 2: Person " in text
        and text.count("Decides: ") == 2
        and "Applied unseen: is_deleted IS NOT TRUE" in text
    )
    kept = copied / "definitions" / "exports" / "customer_success" / "hot.json"
    assert kept.read_bytes() == export.read_bytes()
    written = load_variants(load_library(copied))["mql_customer_success"].variant
    assert (written.stance, written.expect, written.why) == ("accepted_difference", "overlapping", "They ask.")
