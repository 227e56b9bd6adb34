"""The record of meanings: what is on it stays, unless the same is proved."""

import json
from collections.abc import Collection
from pathlib import Path

import pytest

from plumbline.definitions import check_library, load_library, meaning
from plumbline.definitions.problems import DefinitionsError, Problem
from plumbline.definitions.proving.ledger import Looked, look, record, stale

from ..small_project import MEASURE, ROOT, TERM, write_definitions

RECORD = "definitions/meanings/big.json"


@pytest.fixture
def recorded(small: Path) -> Path:
    """A project whose meanings are on record."""
    write_definitions(small, MEASURE)
    library = load_library(small)
    record(library, look(library))
    return small


def seen(root: Path, *, redraft: Collection[str] = ()) -> Looked:
    return look(load_library(root), redraft)


def signed(term: str, root: Path, number: int) -> str:
    """The term with both sign-offs of one version, of what it means now."""
    write_definitions(root, term)
    governed = load_library(root).terms["big"]
    present = meaning(governed.term, governed.term.versions[number - 1])
    lines = "".join(
        f"\n      - {{team: {team}, role: head, on: 2026-01-02, meaning: '{present}', evidence: minutes.pdf}}"
        for team in ("sales", "marketing")
    )
    parts = term.split("sign_off: []")
    return "sign_off: []".join(parts[:number]) + "sign_off:" + lines + "sign_off: []".join(parts[number:])


def test_a_first_build_records_every_version(recorded: Path) -> None:
    assert stale(load_library(recorded), seen(recorded)) == []
    versions = json.loads((recorded / RECORD).read_text(encoding="utf-8"))["versions"]
    assert list(versions) == ["1", "2", "3"]
    assert versions["2"]["says"]["conditions"] == {"size": "size >= 20", "kept": "is_gone IS NOT TRUE"}


def test_a_proved_refactor_is_recorded_with_both_hashes_and_the_prover(recorded: Path) -> None:
    before = load_library(recorded).terms["big"]
    old = meaning(before.term, before.term.versions[1])
    write_definitions(recorded, TERM.replace("is_gone IS NOT TRUE", "NOT COALESCE(is_gone, FALSE)"))
    looked = seen(recorded)
    assert looked.problems == [] and [file.path for file in stale(load_library(recorded), looked)] == [RECORD]
    record(load_library(recorded), looked)
    after = load_library(recorded).terms["big"]
    version = after.term.versions[1]
    new = meaning(after.term, version)
    assert new != old and after.meaning(version) == old and after.meanings(version) == {old, new}
    [proof] = json.loads((recorded / RECORD).read_text(encoding="utf-8"))["versions"]["2"]["also"].values()
    assert proof.startswith("prover 1, z3-solver ")


def test_signatures_outlive_a_proved_refactor(recorded: Path) -> None:
    agreed = signed(TERM, recorded, 1)
    write_definitions(recorded, agreed.replace("size >= 10", "10 <= size"))
    record(load_library(recorded), seen(recorded))
    governed = load_library(recorded).terms["big"]
    assert governed.unsigned(governed.term.versions[0]) == []
    findings = check_library(load_library(recorded), governed.term.versions[0].effective_from)
    assert "sign-off-of-another-meaning" not in {problem.code for problem in findings}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("size >= 20", "size > 20", "it is narrower, as {size: 20, is_gone: False} shows"),
        ("is_gone IS NOT TRUE", "NOT is_gone", "it is narrower, as {size: 20, is_gone: None} shows"),
        ("size >= 20", "ABS(size * seats) >= 20", "it is different, as {size: 10, seats: 5"),
        ("size >= 20", "size * size >= 400", "that it is the same cannot be proved"),
        ("2025-07-01", "2025-07-02", "other first day"),
    ],
)
def test_a_change_of_meaning_is_found_and_not_overwritten(recorded: Path, old: str, new: str, says: str) -> None:
    before = (recorded / RECORD).read_bytes()
    write_definitions(recorded, TERM.replace(old, new))
    looked = seen(recorded)
    [problem] = looked.problems
    assert (problem.code, problem.path, problem.line) == ("meaning-changed", "definitions/terms/big.yml", 20)
    assert says in problem.message and "add version 4" in problem.mending and "--redraft big" in problem.mending
    record(load_library(recorded), looked)
    assert (recorded / RECORD).read_bytes() == before


def test_a_measure_is_guarded_by_its_numbers(recorded: Path) -> None:
    write_definitions(recorded, MEASURE.replace("numerator: {sql: size}", "numerator: {sql: size + 0}"))
    assert seen(recorded).problems == []
    write_definitions(recorded, MEASURE.replace("numerator: {sql: size}", "numerator: {sql: size + 1}"))
    [problem] = seen(recorded).problems
    assert "it is different, as {" in problem.message


def test_a_draft_is_recorded_anew_on_purpose_only_while_nobody_signed(recorded: Path) -> None:
    changed = TERM.replace("size >= 10", "size >= 11").replace("{size: 10, expect: true}", "{size: 11, expect: true}")
    write_definitions(recorded, changed)
    assert seen(recorded).problems != [] and seen(recorded, redraft=["big"]).problems == []
    write_definitions(recorded, signed(TERM, recorded, 1))
    record(load_library(recorded), seen(recorded))
    write_definitions(recorded, changed)
    [problem] = seen(recorded, redraft=["big"]).problems
    assert problem.code == "meaning-changed" and "--redraft" not in problem.mending


def test_versions_and_terms_do_not_vanish(recorded: Path) -> None:
    write_definitions(recorded, TERM[: TERM.index("  - version: 3")])
    [problem] = seen(recorded).problems
    assert (problem.code, problem.line) == ("version-gone", 10)
    assert seen(recorded, redraft=["big"]).problems == []
    (recorded / "definitions" / "terms" / "rate.yml").unlink()
    gone = [problem for problem in seen(recorded).problems if problem.code == "term-gone"]
    assert [problem.path for problem in gone] == ["definitions/meanings/rate.json"]
    looked = seen(recorded, redraft=["big", "rate"])
    assert looked.problems == []
    record(load_library(recorded), looked)
    assert not (recorded / "definitions" / "meanings" / "rate.json").exists()


def test_a_broken_record_is_named(recorded: Path) -> None:
    (recorded / RECORD).write_text("{}", encoding="utf-8")
    with pytest.raises(DefinitionsError) as raised:
        load_library(recorded)
    [problem] = raised.value.problems
    assert isinstance(problem, Problem) and problem.code == "unreadable-record" and problem.mending


def test_a_version_in_force_needs_the_sign_offs_that_the_one_before_has(recorded: Path) -> None:
    write_definitions(recorded, signed(TERM, recorded, 1))
    library = load_library(recorded)
    second, third = library.terms["big"].term.versions[1:]
    early = [problem.code for problem in check_library(library, second.effective_from.replace(year=2024))]
    assert "sign-off-missing" not in early
    late = [problem for problem in check_library(library, third.effective_from) if problem.code == "sign-off-missing"]
    assert [problem.line for problem in late] == [22, 32]
    assert "is in force since 2025-07-01 without sales, marketing" in late[0].message


def test_no_meaning_of_this_project_changed() -> None:
    """The guard: whoever changes what a version says adds a version, or says the same in other words."""
    looked = look(load_library(ROOT))
    assert [str(problem) for problem in looked.problems] == []
    assert [file.path for file in stale(load_library(ROOT), looked)] == []
