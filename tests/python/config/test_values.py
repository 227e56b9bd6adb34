"""Each value is shown with where it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.config.values import Value, values_in_force
from plumbline.project.settings import Settings, load_settings


def shown(root: Path, text: str) -> dict[str, Value]:
    (root / "plumbline.yml").write_text(text)
    return {value.name: value for value in values_in_force(root, load_settings(root))}


def test_a_value_comes_from_a_line_or_is_the_default(tmp_path: Path) -> None:
    values = shown(tmp_path, "publish:\n  keep: 3\nmodels:\n  week_start: sunday\n")
    assert (values["publish.keep"].value, values["publish.keep"].source) == (3, "plumbline.yml line 2")
    assert (values["models.week_start"].value, values["models.week_start"].line) == ("sunday", 4)
    assert (values["sample.seed"].value, values["sample.seed"].source) == (1, "default")
    assert values["models.raw_instances"].value["gong"] == [{"name": "main", "schema": "gong"}]


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_RAW", "/elsewhere/raw.duckdb")
    raw = shown(tmp_path, "raw: mine.duckdb\n")["raw"]
    assert (raw.value, raw.source) == ("/elsewhere/raw.duckdb", "environment variable PLUMBLINE_RAW")
    assert (raw.line, raw.variable) == (None, "PLUMBLINE_RAW")


def test_without_a_file_everything_is_a_default(tmp_path: Path) -> None:
    values = values_in_force(tmp_path, Settings())
    assert {value.origin for value in values} == {"default"} and len(values) > 15
