"""`lint`: what people and machines see, and when it exits with 1."""

import json
from pathlib import Path

import pytest

from definitions.linting.small_lint import small_library, small_manifest
from definitions.small_project import SmallDbt
from plumbline.definitions.proving.sides import NamingError

from .running import run

BY_HAND = "select 1 as n from marts.main.deals d where d.size >= 25 and d.is_gone is not true"


@pytest.fixture
def compiled(tmp_path: Path) -> Path:
    """A project whose model `work` is nearly the term `big`, with its manifest."""
    SmallDbt(tmp_path)
    manifest = small_manifest(small_library(tmp_path), work=BY_HAND)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return tmp_path


def test_a_finding_fails_until_it_is_known(compiled: Path) -> None:
    manifest = ("--manifest", str(compiled / "manifest.json"))
    found = run(compiled, "lint", *manifest)
    assert found.exit_code == 1
    lines = [" ".join(line.split()) for line in found.stdout.splitlines()]
    assert lines[0] == "work.sql:1: D2 `(size >= 25) AND (NOT is_gone IS TRUE)` is narrower than `big`."
    assert "this SQL no" in lines and "big@1 yes" in lines and lines[-1] == "1 findings."
    assert run(compiled, "lint", *manifest, "--write-baseline").exit_code == 0
    known = run(compiled, "lint", *manifest, "--json")
    said = json.loads(known.stdout)
    assert (known.exit_code, said["findings"], said["gone"]) == (0, [], [])
    [finding] = said["known"]
    assert (finding["code"], finding["term"], finding["verdict"]) == ("D2", "big", "narrower")
    assert finding["counterexample"]["answers"] == [False, True]


def test_queries_of_a_folder(compiled: Path) -> None:
    (compiled / "bi").mkdir()
    (compiled / "bi" / "n.sql").write_text("select 1 from deals where size >= 20 and not is_gone", encoding="utf-8")
    manifest = ("--manifest", str(compiled / "manifest.json"))
    found = run(compiled, "lint", str(compiled / "bi"), "--dialect", "snowflake", *manifest, "--json")
    [finding] = json.loads(found.stdout)["findings"]
    assert (found.exit_code, finding["path"], finding["code"]) == (1, "bi/n.sql", "D5")
    orders = compiled / "bi" / "orders.sql"
    orders.write_text("with d as (select * from deals) select 1 from d join shop.orders o on o.size >= 20")
    strange = run(compiled, "lint", str(orders), *manifest)
    assert (strange.exit_code, strange.stdout) == (0, "0 findings.\n")
    assert "bi/orders.sql reads shop.orders, which is no model of this project" in strange.stderr
    assert json.loads(run(compiled, "lint", str(orders), *manifest, "--json").stdout)["strange_tables"] == [
        {"query": "bi/orders.sql", "table": "shop.orders"}
    ]
    empty = run(compiled, "lint", str(compiled / "macros"), "--dialect", "snow", *manifest)
    assert "There is no SQL dialect `snow`." in str(empty.exception)
    nothing = run(compiled, "lint", str(compiled / "bi" / "none.sql"), *manifest)
    assert "There is no SQL in" in str(nothing.exception)
    wrong = run(compiled, "lint", "--manifest", str(compiled / "bi" / "n.sql"))
    assert isinstance(wrong.exception, NamingError)
