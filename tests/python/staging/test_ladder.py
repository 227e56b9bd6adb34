"""What every staging model keeps to, read from its files."""

import re
from functools import cache
from pathlib import Path

import pytest

from plumbline.project.yaml_lines import read_document
from support.dbt import ROOT

STAGING = ROOT / "models" / "staging"
LADDERS = sorted(path for path in STAGING.glob("*/stg_*.sql") if "raw_rows(" in path.read_text(encoding="utf-8"))


@cache
def described_columns(folder: Path) -> dict[str, list[str]]:
    models = read_document(folder / f"_{folder.name}__models.yml", with_lines=False).content["models"]
    return {model["name"]: [column["name"] for column in model["columns"]] for model in models}


@pytest.mark.parametrize("path", LADDERS, ids=lambda path: path.stem)
def test_every_column_is_described_and_so_handed_on(path: Path) -> None:
    renamed = path.read_text(encoding="utf-8").split("renamed as")[1].split("    from source")[0]
    lines = [line.strip().rstrip(",") for line in renamed.splitlines() if line.startswith("        ")]
    columns = [
        line.rsplit(" as ", 1)[-1].rsplit("end as ", 1)[-1]
        for line in lines
        if re.search(r"( as \w+|^source_instance)$", line)
    ]
    assert columns == described_columns(path.parent)[path.stem]


@pytest.mark.parametrize("path", LADDERS, ids=lambda path: path.stem)
def test_the_ladder_is_the_same_everywhere(path: Path) -> None:
    sql = path.read_text(encoding="utf-8")
    steps = re.findall(r"^(?:(source|renamed|deduplicated) as|\{\{ (ranked_versions)\()", sql, flags=re.MULTILINE)
    assert ["".join(step) for step in steps] == ["source", "renamed", "ranked_versions", "deduplicated"]
    assert sql.rstrip().endswith("select * from deduplicated")
