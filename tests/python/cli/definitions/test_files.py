"""`build` and `check`: what people and machines see, and when they exit with 1."""

import json
from pathlib import Path

from definitions.proving.small_variants import write_variant
from definitions.small_project import TERM, write_definitions

from .running import run


def test_build_writes_and_then_has_nothing_to_do(root: Path) -> None:
    first = run(root, "build")
    assert first.exit_code == 0
    assert "macros/definitions/is_big.sql: written" in first.stdout
    second = run(root, "build")
    assert (second.exit_code, second.stdout) == (0, "All that is made from 1 terms is up to date.\n")
    assert run(root, "build", "--check").exit_code == 0
    assert json.loads(run(root, "build", "--json").stdout) == {"files": []}


def test_build_check_names_what_is_stale_and_writes_nothing(root: Path) -> None:
    run(root, "build")
    macro = root / "macros" / "definitions" / "is_big.sql"
    macro.write_text("{% macro is_big(relation) %}true{% endmacro %}", encoding="utf-8")
    (root / "models" / "utilities" / "definitions.md").unlink()
    found = run(root, "build", "--check")
    assert found.exit_code == 1
    assert found.stdout.splitlines() == [
        "macros/definitions/is_big.sql: differs",
        "models/utilities/definitions.md: missing",
    ]
    assert "2 generated files are stale: run `plumbline definitions build`" in found.stderr
    machine = run(root, "build", "--check", "--json")
    assert machine.exit_code == 1
    assert json.loads(machine.stdout)["files"][0] == {"path": "macros/definitions/is_big.sql", "state": "differs"}
    assert "true" in macro.read_text(encoding="utf-8")


def test_check_counts_what_holds(root: Path) -> None:
    found = run(root, "check", "--today", "2026-03-01")
    assert found.exit_code == 0
    assert found.stdout == (
        "1 terms in 3 versions hold, with 6 examples; 3 versions are drafts that wait for sign-offs.\n"
    )


def test_check_shows_place_and_mending(root: Path) -> None:
    write_definitions(root, TERM.replace("size >= 20", "sise >= 20"))
    found = run(root, "check")
    assert found.exit_code == 1
    assert found.stderr.splitlines() == [
        "definitions/terms/big.yml:24: error [unknown-column] `sise` is not a column of deal.",
        "    Did you mean `size`? Or declare it in definitions/entities/deal.yml.",
    ]


def test_check_proves_criteria_too(root: Path) -> None:
    """What only a proof can tell: conditions that exclude each other, in the term and in a team's filter."""
    write_definitions(root, TERM.replace("is_gone IS NOT TRUE", "size < 20"))
    write_variant(root, "size > 30 AND\nsize < 25")
    found = run(root, "check", "--json", "--today", "2026-11-22")
    told = {(item["path"], item["line"], item["code"]) for item in json.loads(found.stdout)["problems"]}
    assert found.exit_code == 1
    assert ("definitions/terms/big.yml", 23, "never-true") in told
    assert ("definitions/variants/big_sales.yml", 11, "never-true") in told


def test_check_is_one_object_for_machines(root: Path) -> None:
    write_definitions(root, TERM.replace("size >= 20", "size >= 21"))
    found = run(root, "check", "--json")
    assert found.exit_code == 1
    [problem] = json.loads(found.stdout)["problems"]
    assert (problem["code"], problem["line"], problem["severity"]) == ("example-fails", 27, "error")
    write_definitions(root, TERM)
    sound = run(root, "check", "--json")
    assert (sound.exit_code, json.loads(sound.stdout)) == (0, {"problems": []})


def test_a_wrong_day_is_a_wrong_call(root: Path) -> None:
    found = run(root, "check", "--today", "tomorrow")
    assert found.exit_code == 2
    assert "YYYY-MM-DD" in found.stderr


def test_wrong_definitions_are_not_built(root: Path) -> None:
    write_definitions(root, TERM.replace("term: big", "term: [big"))
    assert run(root, "build").exit_code == 2
    assert not (root / "models").exists()
