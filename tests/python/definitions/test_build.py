"""What is made from the definitions is checked in and fresh; what is stale is named."""

from pathlib import Path

from plumbline.definitions import build, generated_files, load_library, stale_files
from plumbline.definitions.generate.macros import MARK

from .small_project import ROOT, TERM, write_definitions


def test_the_generated_files_of_the_project_are_fresh() -> None:
    stale = [f"{file.path}: {file.why}" for file in stale_files(load_library(ROOT))]
    assert stale == [], "run `plumbline definitions build` and commit"


def test_every_generated_file_says_so() -> None:
    for path, text in generated_files(load_library(ROOT)).items():
        if not path.endswith(".csv"):
            assert MARK in text, path


def test_a_build_writes_everything_once(small: Path) -> None:
    library = load_library(small)
    written = build(library)
    assert {file.path for file in written} == set(generated_files(library))
    assert {file.why for file in written} == {"missing"}
    assert build(library) == []


def test_a_change_of_a_term_makes_its_files_stale(small: Path) -> None:
    build(load_library(small))
    write_definitions(small, TERM.replace("size >= 20", "size >= 25").replace("size: 20", "size: 25"))
    assert [(file.path, file.why) for file in stale_files(load_library(small))] == [
        ("macros/definitions/is_big.sql", "differs"),
        ("seeds/definitions/definitions.csv", "differs"),
        ("tests/data/definitions/examples_of_deal.sql", "differs"),
    ]


def test_a_hand_edited_macro_is_stale_and_mended(small: Path) -> None:
    build(load_library(small))
    macro = small / "macros" / "definitions" / "is_big.sql"
    macro.write_text(macro.read_text(encoding="utf-8").replace(">= 20", ">= 15"), encoding="utf-8")
    assert [file.path for file in build(load_library(small))] == ["macros/definitions/is_big.sql"]
    assert ">= 20" in macro.read_text(encoding="utf-8")


def test_what_is_left_of_a_term_that_is_gone_is_removed_and_nothing_else(small: Path) -> None:
    build(load_library(small))
    by_hand = small / "macros" / "definitions" / "helper.sql"
    by_hand.write_text("{% macro helper() %}{% endmacro %}", encoding="utf-8")
    (small / "definitions" / "terms" / "big.yml").unlink()
    write_definitions(small, TERM.replace("term: big", "term: large"))
    stale = stale_files(load_library(small))
    assert ("macros/definitions/is_big.sql", "left over") in [(file.path, file.why) for file in stale]
    build(load_library(small))
    assert not (small / "macros" / "definitions" / "is_big.sql").exists()
    assert (small / "macros" / "definitions" / "is_large.sql").exists()
    assert by_hand.exists()


def test_the_catalogue_has_a_row_for_each_version(small: Path) -> None:
    rows = generated_files(load_library(small))["seeds/definitions/definitions.csv"].splitlines()
    assert len(rows) == 4
    assert ",2024-01-01,2025-06-30,sha256:" in rows[1]
    assert ",2025-07-01,2026-01-31,sha256:" in rows[2]
    assert ",2026-02-01,,sha256:" in rows[3]
