"""How every verb on definitions ends, and where it writes: one rule for all of them."""

import json
import re
from pathlib import Path

import duckdb
import pytest

from definitions.proving.small_variants import write_variant
from definitions.small_project import TERM, write_definitions
from plumbline.cli.definitions import app
from plumbline.project.errors import NoVersionError
from plumbline.project.exit_codes import EXITS_WITH_1, FINDS_UNREADABLE

from .running import run

ROOT = Path(__file__).parents[4]
CALLS = {
    "init": ("filter.sql", "--team", "sales"),
    "compare": ("big", "big"),
    "simulate": ("big", "--without", "size"),
    "explain": ("big", "--record", "1"),
    "evidence": ("1",),
    "packet": ("big",),
    "sign": ("big", "--team", "sales", "--role", "head", "--on", "2026-01-01", "--evidence", "said in the room"),
    "review": ("--quarter", "2026-Q1"),
    "diff": ("HEAD",),
}


def test_the_guide_says_when_each_verb_ends_with_1_as_it_is() -> None:
    text = (ROOT / "definitions" / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `plumbline definitions (\w+).*\| ([^|]+) \|$", text, re.MULTILINE)) == set(
        EXITS_WITH_1.items()
    )
    assert {command.name for command in app.registered_commands} == set(EXITS_WITH_1)
    assert "Exits with 1: a review is overdue." in run(ROOT, "review", "--help").output


@pytest.mark.parametrize("verb", sorted(EXITS_WITH_1))
def test_every_verb_shows_an_example_and_speaks_to_machines(verb: str) -> None:
    told = run(ROOT, verb, "--help").output
    assert f"plumbline definitions {verb}" in told and "--json" in told


@pytest.mark.parametrize("verb", sorted(set(EXITS_WITH_1) - {"diff"}))
def test_definitions_that_cannot_be_read_end_every_verb_alike(root: Path, verb: str) -> None:
    """`diff` alone reads what is committed first, and this is in no git."""
    write_definitions(root, TERM.replace("owner:", "ownr:"))
    found = run(root, verb, *CALLS.get(verb, ()))
    assert found.exit_code == (1 if verb in FINDS_UNREADABLE else 2)
    assert "definitions/terms/big.yml:7: error [unknown-key]" in found.stderr


@pytest.mark.parametrize("call", [("compare", "big", "big_sales"), ("prove",)], ids=lambda call: call[0])
def test_an_import_that_cannot_be_read_is_no_verdict(root: Path, call: tuple[str, ...]) -> None:
    """1 would say of `compare` that two things differ, of `prove` that one is not as expected: nobody knows."""
    write_variant(root, "sise >= 20")
    refused = run(root, *call)
    assert (refused.exit_code, "big_sales.sql:1: error [unknown-column]" in refused.stderr) == (2, True), refused.output
    [found] = json.loads(run(root, *call, "--json").stdout)["problems"]
    assert found["code"] == "unknown-column"


def test_a_partial_import_is_compared_and_told_as_one(root: Path) -> None:
    write_variant(root, "SELECT * FROM deals WHERE size >= 20 LIMIT 10")
    found = run(root, "compare", "big@1", "big_sales", "--json")
    said = json.loads(found.stdout)
    assert (found.exit_code, said["verdict"], list(said["not_seen"])) == (0, "wider", ["big_sales"])


def test_marts_from_before_the_tables_are_no_defect(root: Path) -> None:
    old = root / "old.duckdb"
    with duckdb.connect(str(old)) as connection:
        connection.execute(
            "create schema intermediate; create table intermediate.as_of as select date '2026-01-01' as as_of_date"
        )
    found = run(root, "measure", "--database", str(old))
    assert isinstance(found.exception, NoVersionError) and "old.duckdb lacks tables" in found.exception.what


def test_what_is_written_goes_where_people_stand(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Like the file of any command line; the project's own folder is only for what nobody gave a place."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    day = ("--today", "2026-03-01")
    packet = run(root, "packet", "big", "--out", "p/big.html", *day)
    assert packet.stdout.startswith("p/big.html: ") and (elsewhere / "p" / "big.html").is_file()
    run(root, "review", "--quarter", "2026-Q1", "--out", "agenda.txt", *day)
    assert (elsewhere / "agenda.txt").is_file()
    unasked = run(root, "packet", "big", *day)
    assert unasked.stdout.startswith(f"{root}/build/definitions/packet_big_3.html: ")
    assert sorted(path.name for path in elsewhere.iterdir()) == ["agenda.txt", "p"]
