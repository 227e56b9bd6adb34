"""The schemas for editors accept what the loader accepts, and underline a slip."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from ..small_project import ROOT

FOLDERS = {"entities": "entity", "terms": "term", "variants": "variant", "semantics": "semantics"}
FILES = [path for folder in FOLDERS for path in sorted((ROOT / "definitions" / folder).glob("*.yml"))]


def as_editors_read(path: Path) -> Any:
    """YAML as JSON has it: days are texts."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return json.loads(json.dumps(data, default=lambda value: value.isoformat() if isinstance(value, date) else None))


def schema_name(path: Path) -> str:
    name = FOLDERS[path.parent.name]
    return "measure" if name == "term" and as_editors_read(path)["kind"] == "measure" else name


def schema_of(path: Path) -> Any:
    return json.loads((ROOT / "definitions" / "schema" / f"{schema_name(path)}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_names_its_schema_and_fits_it(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema=../schema/{schema_name(path)}.json"
    jsonschema.validate(as_editors_read(path), schema_of(path))


def test_a_misspelt_key_and_a_wrong_team_are_underlined() -> None:
    path = ROOT / "definitions" / "terms" / "won.yml"
    for change in ({"onwer": {}}, {"required_sign_offs": ["sails"]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(as_editors_read(path) | change, schema_of(path))
