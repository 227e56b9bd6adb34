"""What plain dbt reads says what plumbline.yml says, and only between the marks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from dbt.config.renderer import ProfileRenderer

from plumbline.config.apply import apply, stale_files
from plumbline.config.dbt_files import BEGIN, END, differing_variables
from plumbline.project.errors import SettingsError
from plumbline.project.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[3]
PROJECT = f"name: ours  # keep this\nvars:\n  {BEGIN}\n  {END}\n  our_own: 1\n"
PROFILES = f"ours:\n  outputs:\n    dev:\n      attach:\n        {BEGIN}\n        {END}\n      threads: 2\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "dbt_project.yml").write_text(PROJECT)
    (tmp_path / "profiles.yml").write_text(PROFILES)
    return tmp_path


def settings(project: Path, text: str) -> Settings:
    (project / "plumbline.yml").write_text(text)
    return load_settings(project)


def attached(project: Path, monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """What dbt attaches, rendered as dbt renders a profile."""
    monkeypatch.delenv("PLUMBLINE_RAW", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    output = yaml.safe_load((project / "profiles.yml").read_text())["ours"]["outputs"]["dev"]
    from dbt_common.context import set_invocation_context

    set_invocation_context(dict(os.environ))
    rendered: dict[str, Any] = ProfileRenderer({}).render_data(output)["attach"][0]
    return rendered


def test_what_is_made_from_the_settings_is_up_to_date() -> None:
    assert stale_files(ROOT, load_settings(ROOT)) == [], "run `plumbline config apply` and commit"


def test_dbt_gets_every_setting_of_the_models(project: Path) -> None:
    own = settings(project, "raw: our raw/\nmodels: {as_of_date: 2026-01-31, week_start: sunday}")
    assert stale_files(project, own) == ["dbt_project.yml", "profiles.yml", "docs/settings.md"]
    assert "week_start" in differing_variables(project, own)
    assert apply(project, own) == ["dbt_project.yml", "profiles.yml", "docs/settings.md"]
    variables = yaml.safe_load((project / "dbt_project.yml").read_text())["vars"]
    assert variables == {**own.dbt_variables(), "our_own": 1}
    assert (variables["as_of_date"], variables["week_start"]) == ("2026-01-31", "sunday")
    assert variables["raw_instances"]["gong"] == [{"name": "main", "schema": "gong"}]
    assert stale_files(project, own) == differing_variables(project, own) == []


def test_only_the_lines_between_the_marks_change(project: Path) -> None:
    apply(project, settings(project, "models: {week_start: sunday}"))
    apply(project, Settings())
    lines = (project / "dbt_project.yml").read_text().splitlines()
    begin, end = (lines.index(f"  {mark}") for mark in (BEGIN, END))
    assert "\n".join([*lines[: begin + 1], *lines[end:]]) + "\n" == PROJECT


def test_another_value_there_is_named(project: Path) -> None:
    own = settings(project, "models: {fiscal_year_start_month: 2}")
    apply(project, own)
    assert differing_variables(project, settings(project, "models: {fiscal_year_start_month: 3}")) == [
        "fiscal_year_start_month"
    ]
    assert stale_files(project, load_settings(project)) == ["dbt_project.yml"]


def test_without_the_marks_it_is_said_where_they_belong(project: Path) -> None:
    (project / "dbt_project.yml").write_text("name: ours\n")
    with pytest.raises(SettingsError, match=r"dbt_project\.yml: the two lines.*\nPut these two lines under 'vars:'"):
        apply(project, Settings())


@pytest.mark.parametrize(
    ("text", "environment", "path", "is_read_only"),
    [
        ("", {}, "data/raw.duckdb", True),
        ("raw: o'brien.db", {}, "o'brien.db", True),
        ("raw: exports", {}, ":memory:", False),
        ("raw: exports", {"PLUMBLINE_RAW": "/a/raw.duckdb"}, "/a/raw.duckdb", True),
        ("", {"PLUMBLINE_RAW": "/a/exports"}, ":memory:", False),
        ("", {"PLUMBLINE_RAW": ""}, "data/raw.duckdb", True),
        ("models: {raw_database: ''}", {}, ":memory:", False),
    ],
)
def test_dbt_attaches_the_raw_file_or_room_for_the_tables_of_a_folder(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    environment: dict[str, str],
    path: str,
    is_read_only: bool,
) -> None:
    apply(project, settings(project, text))
    assert attached(project, monkeypatch, **environment) == {"alias": "raw", "path": path, "read_only": is_read_only}
