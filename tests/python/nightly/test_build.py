"""A night of a small dbt project, with dbt itself in a process of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from rich.console import Console

from nightly.forking_dbt import ForkedDbt, forking_dbt
from nightly.toolkit import journal_of, make_project, night, paths_of
from plumbline.nightly.builder import build_with_dbt
from plumbline.nightly.lock import lock_state
from plumbline.nightly.run import Report, run_night
from plumbline.nightly.summary import night_summary
from plumbline.nightly.versions import Versions
from plumbline.project import dbt_runner
from plumbline.project.errors import BuildError, FailedTestsError

PROFILES = """
small:
  target: dev
  outputs:
    dev: &duck
      type: duckdb
      path: "{{ env_var('PLUMBLINE_DEV_DATABASE', 'unused/marts.duckdb') }}"
      attach: [{path: "{{ env_var('PLUMBLINE_RAW') }}", alias: raw, read_only: true}]
      threads: 1
    prod:
      <<: *duck
      path: "{{ env_var('PLUMBLINE_PROD_DATABASE', 'unused/marts.duckdb') }}"
"""
MODEL = "select id as account_id, name, {size} as size from raw.salesforce.account"
SCHEMA = """
models:
  - name: dim_accounts
    description: Accounts. Grain: one row per account.
    columns:
      - {name: account_id, description: The id., data_tests: [unique]}
"""
KNOWN = "{accepted_values: {name: ids_are_known, description: An id that is known., arguments: {values: [zz]}}}"
WARNING = """
{{ config(severity='warn', tags=['a', 'b']) }}
-- Accounts that are small.
-- Let them grow.
select * -- not said
from {{ ref('dim_accounts') }}
"""
Build = Callable[[Path], Report]
RUN = """
import os, signal, sys
from pathlib import Path
from nightly.toolkit import night
from plumbline.nightly.builder import build_with_dbt
from plumbline.nightly.progress import Silent
from plumbline.nightly.run import run_night

class At(Silent):
    def node(self, done, total, unique_id, status):
        os.kill(os.getpid(), int(sys.argv[2]))

try:
    run_night(night(Path(sys.argv[1]), build=build_with_dbt, progress=At()))
except Exception as error:
    print(error)
    sys.exit(getattr(error, "code", 1))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_project(tmp_path_factory.mktemp("built") / "project")
    settings = (
        "name: small\nprofile: small\nconfig-version: 2\nversion: '1.0.0'\n"
        "flags: {send_anonymous_usage_stats: false}\nmodels: {+materialized: table}\n"
    )
    text = (root / "dbt_project.yml").read_text().replace("name: small\n", "")
    (root / "dbt_project.yml").write_text(settings + text)
    (root / "profiles.yml").write_text(PROFILES)
    (root / "macros").mkdir()
    (root / "macros" / "schema.sql").write_text(
        "{% macro generate_schema_name(custom, node) %}{{ custom or 'main' }}{% endmacro %}"
    )
    (root / "tests").mkdir()
    (root / "tests" / "finding_small_accounts.sql").write_text(WARNING)
    (root / "models" / "dim_accounts.sql").write_text(MODEL.format(size=1))
    (root / "models" / "schema.yml").write_text(SCHEMA.replace("Accounts. Grain: one", "Accounts. Grain is one"))
    return root


@pytest.fixture(scope="module")
def forked() -> Iterator[Callable[..., ForkedDbt]]:
    with forking_dbt() as started:
        yield started


@pytest.fixture
def build(forked: Callable[..., ForkedDbt], monkeypatch: pytest.MonkeyPatch) -> Build:
    """A night built by dbt, without waiting for its import."""
    monkeypatch.setattr(dbt_runner, "subprocess", SimpleNamespace(**vars(subprocess) | {"Popen": forked}))
    return lambda project: run_night(night(project, build=build_with_dbt))


def shown(report: Report) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(night_summary(report))
    return captured.get()


def current(project: Path) -> str | None:
    return Versions(paths_of(project).published).current()


def test_dbt_builds_tests_and_the_night_publishes_with_descriptions(project: Path, build: Build) -> None:
    report = build(project)
    assert (report.outcome.count("model"), report.outcome.count("test", "pass")) == (1, 1)
    with duckdb.connect(str(report.published.folder / "marts.duckdb"), read_only=True) as connection:
        assert connection.execute("select name, size from marts.main.dim_accounts").fetchall() == [("Acme", 1)]
        assert connection.execute(
            "select comment from duckdb_tables() where not starts_with(table_name, 'ops_')"
        ).fetchall() == [("Accounts. Grain is one row per account.",)]
    assert [node.says for node in report.outcome.warned_tests] == ["Accounts that are small. Let them grow."]
    assert "finding_small_accounts (1): Accounts that are small. Let them grow." in shown(report)
    log = (report.outcome.target_path / "dbt.log").read_text()
    assert "Unable to do partial parsing" in log and not (project / "logs").exists()
    again = build(project)
    assert "Unable to do partial parsing" not in (again.outcome.target_path / "dbt.log").read_text()
    assert again.outcome.target_path != report.outcome.target_path
    assert again.published.manifest.marts == report.published.manifest.marts


def test_a_test_that_fails_publishes_nothing_and_names_itself(project: Path, build: Build) -> None:
    before = current(project)
    claim = "-- Every account has size two.\n"
    (project / "tests" / "sizes_agree.sql").write_text(
        claim + "select * from {{ ref('dim_accounts') }} where size <> 2"
    )
    schema = project / "models" / "schema.yml"
    declared = schema.read_text()
    schema.write_text(declared.replace("[unique]", f"[unique, {KNOWN}]"))
    with pytest.raises(FailedTestsError, match=r"^2 tests failed:") as caught:
        build(project)
    schema.write_text(declared)
    assert re.search(r"- sizes_agree: Got 1 result[^\n]*\n  Every account has size two\.\n", str(caught.value))
    assert re.search(r"- ids_are_known: Got 1 result[^\n]*\n  An id that is known\.\n", str(caught.value))
    assert "/compiled on the work file build/prod/night/marts.duckdb" in caught.value.mending
    assert current(project) == before
    (project / "tests" / "sizes_agree.sql").unlink()


def test_a_model_that_fails_is_named_without_the_values_it_met(project: Path, build: Build) -> None:
    (project / "models" / "dim_accounts.sql").write_text(MODEL.format(size="cast(name as integer)"))
    with pytest.raises(
        BuildError, match=r"1 model or seed did not build:\n- dim_accounts: .*Conversion Error"
    ) as caught:
        build(project)
    run_folder = sorted(paths_of(project).runs.iterdir())[-1]
    texts = [
        str(caught.value),
        (run_folder / "dbt.log").read_text(),
        (run_folder / "run_results.json").read_text(),
    ]
    texts += [json.dumps(entry.details) for entry in journal_of(project)]
    assert all("Acme" not in text for text in texts)
    (project / "models" / "dim_accounts.sql").write_text("select {{ nothing( }}")
    with pytest.raises(BuildError, match="dbt did not build the project:\n"):
        build(project)
    (project / "models" / "dim_accounts.sql").write_text(MODEL.format(size=2))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_when_the_night_is_stopped_or_killed_dbt_goes_with_it(project: Path, number: int) -> None:
    before = current(project)
    process = subprocess.run(
        [sys.executable, "-c", RUN, str(project), str(int(number))],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
    )
    assert process.returncode == (143 if number == signal.SIGTERM else -9), process.stderr
    if number == signal.SIGTERM:
        assert journal_of(project)[-1].event == "interrupted"
        assert lock_state(paths_of(project).lock) is None
    assert current(project) == before
    # The next night needs no hands: it waits for the dying dbt, clears up and publishes.
    report = run_night(night(project))
    assert current(project) == report.run_id
    if number == signal.SIGKILL:
        assert "killed" in [entry.event for entry in journal_of(project)]
