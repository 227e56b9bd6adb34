"""`init`: what a newcomer sees, and that it never exits with 1 for what it finds."""

import json
from pathlib import Path

from plumbline.definitions.drafting.files import WritingError
from plumbline.definitions.proving.sides import NamingError

from .running import run

DAY = ("--today", "2025-08-01")


def query(root: Path, text: str) -> str:
    path = root / "mine.sql"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_without_marts_the_proof_is_shown_alone(root: Path) -> None:
    found = run(root, "init", query(root, "size >= 25 AND is_gone IS NOT TRUE"), "--team", "sales", *DAY)
    assert found.exit_code == 0, found.output
    lines = [" ".join(line.split()) for line in found.stdout.splitlines()]
    assert lines[0] == "Nearest: big (narrower, 1 criterion apart). Taken: big; --term names another."
    assert "big_sales is narrower than big@2: whatever it is true for, big@2 is, too." in lines
    assert "A deal whose size is 20, gone is no: big_sales says no, big@2 says yes." in lines
    assert any(line.startswith("No records are shown: Nothing is published for prod yet.") for line in lines)
    assert (root / "definitions" / "exports" / "sales" / "mine.sql").is_file()
    assert run(root, "prove", *DAY).exit_code == 1  # a difference that nobody has accepted


def test_a_filter_that_says_the_same_must_match(root: Path) -> None:
    found = run(root, "init", query(root, "size >= 20 AND is_gone IS NOT TRUE"), "--team", "sales", "--json", *DAY)
    said = json.loads(found.stdout)
    assert (found.exit_code, said["verdict"], said["stance"], said["records"]) == (0, "equivalent", "must_match", None)
    assert said["written"] == ["definitions/variants/big_sales.yml", "definitions/exports/sales/mine.sql"]
    assert run(root, "prove", *DAY).exit_code == 0
    named = run(root, "init", query(root, "size >= 20"), "--team", "sales", "--name", "big_field", *DAY)
    assert isinstance(named.exception, WritingError)  # the same export of another content
    assert "definitions/exports/sales/mine.sql is there already" in named.exception.what
    replaced = run(root, "init", query(root, "size >= 20"), "--team", "sales", "--replace", "--dry-run", *DAY)
    assert replaced.exit_code == 0 and "Nothing was written." in replaced.stdout
    assert run(root, "init", query(root, "size >= 20"), "--team", "sales", "--replace", *DAY).exit_code == 0
    kept = root / "definitions" / "exports" / "sales" / "mine.sql"
    assert kept.read_text() == "size >= 20"
    kept.write_text("size >= 22", encoding="utf-8")  # exported again, over the old file
    assert "[source-changed]" in run(root, "prove").stderr
    assert run(root, "init", str(kept), "--team", "sales", "--term", "big", "--replace", *DAY).exit_code == 0
    assert "big_sales must match, but is overlapping" in run(root, "prove", *DAY).stderr.replace("`", "")


def test_wrong_calls_end_with_2_and_say_what_to_write(root: Path) -> None:
    path = query(root, "size >= 25")
    assert run(root, "init", path, "--team", "sails").exit_code == 2
    assert run(root, "init", path, "--team", "sales", "--tool", "hubspot").exit_code == 2
    assert run(root, "init", path, "--team", "sales", "--implicit", "kept=is_gone ==== 1").exit_code == 2
    assert run(root, "init", path, "--team", "sales", "--name", "Big Sales", *DAY).exit_code == 2
    assert run(root, "init", path, "--team", "sales", "--accept-until", "2030-01-01", *DAY).exit_code == 2
    wrong = run(root, "init", query(root, "sise >= 25"), "--team", "sales")
    assert wrong.exit_code == 2 and "mine.sql:1: error [unknown-column] `sise`" in wrong.stderr
    unknown = run(root, "init", path, "--team", "sales", "--term", "bigg")
    assert isinstance(unknown.exception, NamingError) and unknown.exception.mending == "Did you mean `big`?"
    far = run(root, "init", query(root, "seats > 1"), "--team", "sales", *DAY)
    assert isinstance(far.exception, NamingError) and "--term big: overlapping" in far.exception.mending
    assert not (root / "definitions" / "variants").exists()


def test_a_new_project_is_told_what_comes_first(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text("name: plumbline\n", encoding="utf-8")
    found = run(tmp_path, "init", query(tmp_path, "size >= 25"), "--team", "sales")
    assert found.exit_code == 2
    assert "There are no terms here yet" in found.stderr and "definitions/entities/<entity>.yml" in found.stderr
