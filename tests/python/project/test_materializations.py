"""How tables and views come to stand on DuckDB, in a project of one model."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[3]
PROFILE = "one: {target: dev, outputs: {dev: {type: duckdb, path: '%s', threads: 1}}}"
PROJECT = """
name: plumbline
profile: one
config-version: 2
flags: {send_anonymous_usage_stats: false}
models: {+contract: {enforced: true}}
"""
COLUMNS = "models: [{name: one, columns: [{name: id, data_type: integer}]}]"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    (tmp_path / "macros").mkdir()
    shutil.copy(ROOT / "macros" / "project" / "materializations.sql", tmp_path / "macros")
    (tmp_path / "dbt_project.yml").write_text(PROJECT)
    (tmp_path / "profiles.yml").write_text(PROFILE % (tmp_path / "marts.duckdb"))
    (tmp_path / "models" / "models.yml").write_text(COLUMNS)
    return tmp_path


def build(project: Path, materialized: str, select: str) -> bool:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    (project / "models" / "one.sql").write_text("{{ config(materialized='" + materialized + "') }} " + select)
    folders = [f"--{name}={project}" for name in ("project-dir", "profiles-dir", "log-path")]
    try:
        return dbtRunner().invoke(["--quiet", "--log-level-file", "none", "run", *folders]).success
    finally:
        DuckDBConnectionManager.close_all_connections()


def relations(project: Path) -> tuple[list[tuple[str, str]], list[tuple[int]]]:
    with duckdb.connect(str(project / "marts.duckdb"), read_only=True) as connection:
        kinds = connection.execute("select table_name, table_type from information_schema.tables").fetchall()
        return kinds, connection.execute("select id from main.one").fetchall()


def test_a_relation_is_replaced_whole_or_stays(project: Path) -> None:
    assert build(project, "table", "select 1 as id")
    assert relations(project) == ([("one", "BASE TABLE")], [(1,)])
    assert not build(project, "table", "select cast('x' || random() as integer) as id")
    assert relations(project) == ([("one", "BASE TABLE")], [(1,)])
    assert build(project, "view", "select 2 as id")
    assert relations(project) == ([("one", "VIEW")], [(2,)])
