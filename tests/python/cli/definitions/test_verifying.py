"""`verify`: what people and machines see, and when it exits with 1."""

import json
from pathlib import Path

import pytest

from definitions.proving.test_verifying import DRIVES, SUPPLIERS, manifest
from definitions.small_project import ENTITY, write_definitions
from plumbline.definitions.proving.sides import NamingError

from .running import run

RIGHT = "select d.size >= 20 and d.is_gone is not true as is_big from marts.main.deals as d"


@pytest.fixture
def compiled(root: Path) -> Path:
    """A manifest whose model `fct_deals` is right, below a project whose term drives its column."""
    write_definitions(root, DRIVES, ENTITY + SUPPLIERS)
    return written(root / "manifest.json", RIGHT)


def written(path: Path, code: str) -> Path:
    path.write_text(json.dumps(manifest(deals="select 1 as size", fct_deals=code)), encoding="utf-8")
    return path


def test_proved_columns_are_listed(root: Path, compiled: Path) -> None:
    found = run(root, "verify", "--manifest", str(compiled))
    assert found.exit_code == 0
    lines = [" ".join(line.split()) for line in found.stdout.splitlines()]
    assert lines == ["model column is proof", "fct_deals is_big big@1 proved", "1 proved, 0 differs, 0 not provable."]


def test_a_column_that_differs_comes_with_a_row_and_exits_with_1(root: Path, compiled: Path) -> None:
    written(compiled, RIGHT.replace(">= 20", "> 20"))
    found = run(root, "verify", "--manifest", str(compiled))
    assert found.exit_code == 1
    assert "fct_deals.is_big is narrower than big@1" in found.stdout
    assert "big.yml:10: error [not-verified] `is_big` of fct_deals is not big@1: it is narrower." in found.stderr
    said = json.loads(run(root, "verify", "--manifest", str(compiled), "--json").stdout)
    assert said["columns"][0]["relation"]["counterexamples"][0]["row"] == {"size": 20, "is_gone": False}
    assert [problem["code"] for problem in said["problems"]] == ["not-verified"]


def test_what_is_no_compiled_manifest_is_refused(root: Path, compiled: Path) -> None:
    without = json.loads(compiled.read_text(encoding="utf-8"))
    for node in without["nodes"].values():
        node["compiled_code"] = None
    for text, says in (("{", "is no manifest"), ("{}", "is no manifest"), (json.dumps(without), "no compiled SQL")):
        compiled.write_text(text, encoding="utf-8")
        found = run(root, "verify", "--manifest", str(compiled))
        assert isinstance(found.exception, NamingError) and says in found.exception.what and found.exception.mending
