"""What tests share: the sample company's raw data, and the whole project built from it, each made once."""

from __future__ import annotations

import gc
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from xdist.scheduler import LoadScopeScheduling

from plumbline.config.apply import apply
from plumbline.nightly.metric_results import hand_over
from plumbline.nightly.run import Night, Report, run_night
from plumbline.project.dbt_child import GARBAGE_EVERY
from plumbline.project.paths import TargetPaths
from plumbline.project.settings import RAW_VARIABLE, RUN_VARIABLE, load_settings
from plumbline.sample import generate
from staging.prepared import prepared
from staging.raw import Staged
from support import dbt
from support.compiled import build_compiled
from support.dbt import DbtRun, run_dbt
from support.graph import Graph
from support.raw_forms import into_database, into_folder
from support.worlds import time_zone

ROOT = Path(__file__).resolve().parents[2]
SCALE = 0.2
TRUTH_SCALE = 20
NO_TESTS = ("resource_type:test", "resource_type:unit_test")
# What the tests against the truth read.
TRUTH_MODELS = (
    "agg_definition_divergence_monthly",
    "fct_definition_disagreements",
    *("fct_metric_results", "fct_reported_metric_gaps"),
    *("dim_accounts", "dim_people", "map_accounts", "map_people", "fct_account_match_conflicts"),
    *("fct_engagements", "bridge_engagement_people", "agg_account_engagement_weekly"),
    *("fct_opportunity_versions", "fct_pipeline_movements"),
)
# The morning after the sample company's last load: its load times are neither old nor from the future.
SAMPLE_DAY = datetime(2026, 7, 1, tzinfo=UTC)
PROJECT_PARTS = (
    "dbt_project.yml",
    "profiles.yml",
    "plumbline.yml",
    "definitions",
    "macros",
    "models",
    "seeds",
    "quality",
    "tests/data",
)

# How the raw tables of the plain build lie in its folder; quality/test_raw_folder.py compares all in each format.
FORMATS = {
    "gong": "jsonl",
    "salesforce": "csv",
    **dict.fromkeys(("salesforce.task", "salesforce.opportunity_history"), "parquet"),
}

# Columns of the sample company that no model reads, as if they were of a user's own.
CUSTOM_COLUMNS = """{salesforce: {
  account: [{column: CreatedById, name: created_by, type: string, description: Colleague who made the record.}],
  contact: [{column: Currency_Iso_Code, name: own_currency, type: string, description: Currency of the person.}],
  lead: [{column: currency_iso_code, name: own_currency, type: string, description: Currency of the person.}],
  opportunity: [{column: fiscal, name: fiscal_label, type: string, description: Fiscal year and quarter.},
                {column: fiscal_quarter, name: fiscal_quarter, type: integer, description: Fiscal quarter of the deal.},
                {column: is_private, name: is_private, type: boolean, description: Only its owner sees it.}]}}"""


# A busy machine is no finding, and a failure must come again.
hypothesis_settings.register_profile(
    "project", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("project")

# Two processes run the tests. Those that share a build stay in one of them, so that each build is made once, and so do
# those of these two folders; each other file goes where there is time.
SHARED = {
    "accounts/test_truth.py": "truth",
    "accounts/test_person_versions.py": "truth",
    "pipeline/test_truth.py": "truth",
    "alignment/": "truth",
    "engagement/": "truth",
    "truth/": "built",
    "conventions/": "built",
    "quality/checks/": "built",
    "nightly/test_night.py": "built",
    "quality/gate/": "built",
    "nightly/test_custom_columns.py": "built",
    "definitions/reporting/": "built",
    "staging/": "staged",
    "faults/": "staged",
    "raw_samples/": "staged",
    "definitions/": "definitions",
    "sample/": "sample",
}
# The dearest first: whoever is ready takes the next, and the cheap ones at the end let both end together.
DEAREST = (
    *("truth", "built", "staged", "nightly/test_publish.py", "definitions", "nightly/test_build.py", "sample"),
    *("accounts/test_merge_forests.py", "nightly/test_gate.py", "quality/test_raw_folder.py"),
)


def group_of(nodeid: str) -> str:
    """The group of a test: what it shares a build or a folder with, else its file."""
    place = nodeid.split("::")[0].partition("tests/python/")[2]
    return next((group for part, group in SHARED.items() if place.startswith(part)), place)


class SharedBuilds(LoadScopeScheduling):
    """Hands out whole groups."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharedBuilds:
    return SharedBuilds(config, log)


def pytest_collection_finish() -> None:
    """What is collected stays to the end, and so does what dbt parses: no need to look through it all the time."""
    gc.freeze()
    gc.set_threshold(*GARBAGE_EVERY)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The dearest groups first, the others in their order."""
    items.sort(key=lambda item: (*DEAREST, group := group_of(item.nodeid)).index(group))


@pytest.fixture(scope="session", autouse=True)
def _quiet_environment() -> Iterator[None]:
    """Tests must not see this machine's raw data, nor dbt's settings of whoever runs them."""
    names = (
        RAW_VARIABLE,
        "PLUMBLINE_DEV_DATABASE",
        "PLUMBLINE_PROD_DATABASE",
        RUN_VARIABLE,
        "DBT_TARGET_PATH",
        "DBT_PROFILES_DIR",
    )
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    yield
    os.environ.update(kept)


@pytest.fixture(scope="session", autouse=True)
def _parsed_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """All processes of this run share what dbt parsed."""
    base = tmp_path_factory.getbasetemp()
    dbt.parsed_folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@dataclass(frozen=True)
class RawData:
    """The sample company: raw tables, and the truth about them."""

    raw: Path
    truth: Path


@dataclass(frozen=True)
class BuiltProject:
    """A copy of this project, built, tested and published from the sample company's raw data."""

    root: Path
    data: RawData
    report: Report

    @property
    def database(self) -> Path:
        """All schemas: staging, intermediate, marts, reference."""
        return self.report.paths.work_file

    @property
    def published(self) -> Path:
        """The current published version."""
        return self.report.paths.published / "current"

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A reading connection with `built` (all schemas), `raw` and `truth` attached; `built` is in use."""
        connection = duckdb.connect(":memory:")
        for name, path in (("built", self.database), ("raw", self.data.raw), ("truth", self.data.truth)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("use built")
        return connection


def copy_project(folder: Path) -> Path:
    """A copy of what builds: models, macros, seeds, definitions, dbt's tests and the settings."""
    for part in PROJECT_PARTS:
        source, target = ROOT / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.exists():
            shutil.copyfile(source, target)
    return folder


@pytest.fixture(scope="session")
def raw_database(tmp_path_factory: pytest.TempPathFactory) -> RawData:
    """The sample company at a small scale, with seed 1."""
    folder = tmp_path_factory.mktemp("sample")
    written = generate(folder / "raw.duckdb", folder / "truth.duckdb", scale=SCALE, seed=1)
    return RawData(written.raw, written.truth)


@pytest.fixture(scope="session")
def built_project(raw_database: RawData, tmp_path_factory: pytest.TempPathFactory) -> BuiltProject:
    """One night of the whole project on the sample company, with custom columns; tests only read it."""
    root = copy_project(tmp_path_factory.mktemp("built") / "project")
    settings_file = root / "plumbline.yml"
    text = settings_file.read_text()
    settings_file.write_text(text.replace("custom_columns: {}", f"custom_columns: {CUSTOM_COLUMNS}"))
    apply(root, load_settings(root))
    settings = load_settings(root)
    paths = TargetPaths.of(root, settings, "prod")
    dbt.save_parse(paths.parse_cache, root, raw_database.raw, paths.work_file, settings.dbt_variables())
    with pytest.MonkeyPatch.context() as patch, time_zone("America/New_York"):
        patch.setenv(RAW_VARIABLE, str(raw_database.raw))
        report = run_night(Night(root, settings, "prod", now=lambda: SAMPLE_DAY))
    return BuiltProject(root, raw_database, report)


@dataclass(frozen=True)
class PlainBuild:
    """What `dbt build` alone makes of the small sample company, without our command line."""

    run: DbtRun
    database: Path


@pytest.fixture(scope="session")
def plain_build(raw_database: RawData, tmp_path_factory: pytest.TempPathFactory) -> PlainBuild:
    """Models, seeds, data tests and unit tests, by plain dbt, target dev, from a folder of files and from raw schemas
    of the target database.

    Rows in another order than the night's, at eight threads, in another time zone: all of it has to make no difference.
    """
    folder = tmp_path_factory.mktemp("plain")
    database = into_database(raw_database.raw, folder / "marts.duckdb", ["marketo"], seed=2)
    attached = {name: [{"name": "main", "schema": name, "database": "raw"}] for name in ("salesforce", "gong")}
    with time_zone("Pacific/Auckland"):
        run = run_dbt(
            ["build"],
            raw=into_folder(raw_database.raw, folder / "raw", FORMATS, seed=1),
            database=database,
            target_path=folder / "target",
            variables={
                "raw_database": "",
                "raw_instances": {**attached, "marketo": [{"name": "main", "schema": "marketo"}]},
            },
            threads=8,
            check=False,
        )
    return PlainBuild(run, database)


# What an earlier run is said to have published: one figure that is another now, and one that nobody can say any more.
PUBLISHED_BEFORE = {
    "run_id": "R0",
    "figures": [
        {
            "same": {"basis": "in_force_then", "slice_type": "total", "slice_name": "all", "is_withdrawn": "false"},
            "columns": ["metric", "period_key", "metric_value"],
            "rows": [["new_mql_count", "FY2026-M01", "123456"], ["retired_count", "FY2026-M01", "7"]],
        }
    ],
}


@dataclass(frozen=True)
class TruthBuild:
    """`TRUTH_MODELS` built from a company large enough to have fifty cases of everything that is planted."""

    connection: duckdb.DuckDBPyConnection


@pytest.fixture(scope="session")
def truth_build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TruthBuild]:
    """A reading connection to the built models, with `raw` and `truth` attached; tests only read it."""
    folder = tmp_path_factory.mktemp("truth")
    generate(folder / "raw.duckdb", folder / "truth.duckdb", scale=TRUTH_SCALE, seed=1, throwaway=True)
    (folder / "state.jsonl").write_text(json.dumps(PUBLISHED_BEFORE))
    hand_over(folder / "state.jsonl", ["R0"], folder / "marts.duckdb", "state")
    # a third of what dbt takes to build them in a file, which the night and `plain_build` prove
    run = run_dbt(
        ["compile", "--select", *(f"+{model}" for model in TRUTH_MODELS), "--exclude", *NO_TESTS],
        raw=folder / "raw.duckdb",
        database=folder / "marts.duckdb",
        target_path=folder / "target",
    )
    with duckdb.connect(":memory:") as connection:
        for name in ("raw", "truth"):
            connection.execute(f"attach '{folder / name}.duckdb' as {name} (read_only)")
        connection.execute("attach ':memory:' as marts; use marts; set TimeZone = 'UTC'; create schema state")
        connection.execute(f"attach '{folder}/marts.duckdb' as handed (read_only)")
        connection.execute("create table state.metric_results as from handed.state.metric_results; detach handed")
        build_compiled(run, connection)
        yield TruthBuild(connection)


@pytest.fixture(scope="session")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Staged:
    """Staging, built once for each raw file whose instances the test modules registered."""
    return Staged(tmp_path_factory.mktemp("staging"))


@pytest.fixture(scope="session")
def graph(staged: Staged) -> Graph:
    """Every model, prepared once; a test fills the raw tables, or what staging made of them."""
    return prepared(staged)


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """dbt's manifest of the project."""
    return dbt.manifest_of_project(tmp_path_factory.mktemp("manifest"))
