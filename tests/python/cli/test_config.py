"""`plumbline config` as a person or a program calls it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from plumbline.cli.config import app
from plumbline.cli.options import OPTIONS
from plumbline.config.dbt_files import BEGIN, END


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "dbt_project.yml").write_text(f"name: ours\nvars:\n  {BEGIN}\n  {END}\n")
    (tmp_path / "profiles.yml").write_text(f"attach:\n  {BEGIN}\n  {END}\n")
    (tmp_path / "plumbline.yml").write_text("target: dev\n")
    OPTIONS.project = tmp_path
    yield tmp_path
    OPTIONS.project = None


def test_a_stale_project_is_told_and_mended(project: Path) -> None:
    checked = CliRunner().invoke(app, ["apply", "--check"])
    assert checked.exit_code == 1
    assert "dbt_project.yml: differs" in checked.stdout and "run `plumbline config apply`" in checked.stderr
    assert CliRunner().invoke(app, ["apply"]).exit_code == 0
    assert CliRunner().invoke(app, ["apply", "--check"]).exit_code == 0


def test_values_are_shown_with_where_they_come_from(project: Path) -> None:
    lines = CliRunner().invoke(app, ["show"]).stdout.splitlines()
    assert any(line.split() == ["target", "plumbline.yml", "line", "1", "dev"] for line in lines)
    shown = json.loads(CliRunner().invoke(app, ["show", "--json"]).stdout)["settings"]
    assert {"name": "target", "value": "dev", "origin": "plumbline.yml", "line": 1, "variable": None} in shown
