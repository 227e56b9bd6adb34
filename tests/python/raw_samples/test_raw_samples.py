"""Real exports run through: every file lands, and what becomes of its rows and columns is as reviewed.

The exports are not part of the project. They are looked for in the folder that PLUMBLINE_RAW_SAMPLES names,
else in `shared/raw_samples` beside the project or one folder up. Only column names and counts stand here, in
`expected.yml`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from plumbline.project.settings import ModelVariables, load_settings
from plumbline.quality.preflight import check_raw
from plumbline.quality.raw import DeclaredTable, declared_tables, spelling, unmapped_columns
from staging.raw import SELECTION
from support.compiled import run_compiled
from support.dbt import ROOT, DbtRun, run_dbt
from support.graph import Graph

NEAR = [folder / "shared" / "raw_samples" for folder in (ROOT.parent, ROOT.parent.parent)]
FOLDER = Path(os.environ.get("PLUMBLINE_RAW_SAMPLES") or next(filter(Path.is_dir, NEAR), NEAR[0]))
EXPECTED: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "expected.yml").read_text(encoding="utf-8")
)
PREFIXES = {"salesforce": "sf_", "marketo": "marketo_"}
TABLES = [(system, table) for system, tables in EXPECTED.items() for table in tables]
OUTCOMES = ("kept", "superseded", "excluded", "rejected")

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the folder of real exports is not on this machine (PLUMBLINE_RAW_SAMPLES)"
)


@dataclass(frozen=True)
class Landed:
    """The exports in one raw file, and what was built from it."""

    raw: Path
    run: DbtRun
    rows_in: dict[tuple[str, str], int]
    outcomes: dict[tuple[str, str, str], int]
    rejected_values: list[tuple[str, str, str, str, int]]
    columns: dict[tuple[str, str], list[str]]


def read(raw: Path, database: Path, run: DbtRun) -> Landed:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{database}' as built (read_only); attach '{raw}' as raw (read_only)")
        rows_in = " union all ".join(
            f"select source_system, source_table, rows_in from built.staging.stg_{system}__row_counts"
            for system in PREFIXES
        )
        columns: dict[tuple[str, str], list[str]] = {}
        for system, table, column in connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where database_name = 'raw'"
        ).fetchall():
            columns.setdefault((system, table), []).append(column)
        return Landed(
            raw=raw,
            run=run,
            rows_in={(system, table): count for system, table, count in connection.execute(rows_in).fetchall()},
            outcomes={
                (system, table, outcome): int(count)
                for system, table, outcome, count in connection.execute(
                    "select source_system, source_table, outcome, sum(row_count) "
                    "from built.intermediate.int_source_row_outcomes group by all"
                ).fetchall()
            },
            rejected_values=connection.execute(
                "select source_system, source_table, column_name, reason, sum(row_count) "
                "from built.main.fct_rejected_values group by all order by all"
            ).fetchall(),
            columns=columns,
        )


def files(system: str) -> dict[str, Path]:
    prefix = PREFIXES[system]
    return {
        path.name.removeprefix(prefix).removesuffix("_data.csv"): path
        for path in sorted((FOLDER / f"{system}_fivetran").glob(f"{prefix}*_data.csv"))
    }


def land(raw: Path, all_text: bool) -> None:
    """As a loader would: one table per file, its columns text or of the types that DuckDB makes out."""
    with duckdb.connect(str(raw)) as connection:
        for system in PREFIXES:
            connection.execute(f"create schema {system}")
            for table, path in files(system).items():
                connection.execute(
                    f'create table {system}."{table}" as '
                    f"select * from read_csv('{path}', header = true, all_varchar = {all_text})"
                )


class Samples:
    """The exports as they land in one way or the other, each staged once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._landed: dict[str, Landed] = {}

    def database(self, kind: str) -> Path:
        """What was staged: the name of the file is part of the views in it."""
        return self._folder / kind / "marts.duckdb"

    def landed(self, kind: str) -> Landed:
        """`text`: all columns are; `typed`: of the types that DuckDB makes out."""
        if kind not in self._landed:
            raw, target = self._folder / kind / "raw.duckdb", self._folder / "target"
            raw.parent.mkdir()
            land(raw, all_text=kind == "text")
            run = run_dbt(["compile", *SELECTION], raw=raw, database=self.database(kind), target_path=target)
            run_compiled(run, raw, self.database(kind))
            self._landed[kind] = read(raw, self.database(kind), run)
        return self._landed[kind]


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return Samples(tmp_path_factory.mktemp("raw_samples"))


@pytest.fixture(scope="module", params=["text", "typed"])
def landed(request: pytest.FixtureRequest, samples: Samples) -> Landed:
    return samples.landed(request.param)


def test_every_file_is_expected_and_every_expected_file_is_there() -> None:
    assert {system: sorted(files(system)) for system in PREFIXES} == {
        system: sorted(tables) for system, tables in EXPECTED.items()
    }


def test_the_check_before_the_night_finds_nothing_missing(landed: Landed) -> None:
    found = check_raw(ROOT, landed.raw, declared_tables(ROOT), load_settings(ROOT).models)
    assert found.not_connected == ["gong"]


def test_every_row_is_staged_or_counted(landed: Landed) -> None:
    assert landed.run.statuses["assert_every_raw_row_is_staged_or_counted"] == "pass"


@pytest.mark.parametrize("kind", ["text", "typed"])
def test_all_marts_are_built_from_them_and_every_data_test_holds(samples: Samples, graph: Graph, kind: str) -> None:
    samples.landed(kind)
    rows = {name: f"from staged.staging.{name}" for name in graph.staging_models()}
    with graph.built_over(samples.database(kind), rows) as connection:
        assert graph.data_tests_that_fail() == []
        for mart in ("dim_accounts", "dim_people", "fct_engagements", "agg_pipeline_movements"):
            assert connection.execute(f"select count(*) > 0 from marts.main.{mart}").fetchone() == (True,), mart


@pytest.mark.parametrize(("system", "table"), TABLES)
def test_rows_in_staged_excluded_and_rejected_are_as_reviewed(landed: Landed, system: str, table: str) -> None:
    expected = EXPECTED[system][table]
    outcomes = {outcome: landed.outcomes.get((system, table, outcome), 0) for outcome in OUTCOMES}
    assert landed.rows_in[system, table] == expected["rows_in"]
    assert outcomes == {outcome: expected.get(outcome, 0) for outcome in OUTCOMES}
    assert sum(outcomes.values()) == expected["rows_in"]


@pytest.mark.parametrize(("system", "table"), TABLES)
def test_values_that_do_not_parse_are_as_reviewed(landed: Landed, system: str, table: str) -> None:
    found = [list(row[2:]) for row in landed.rejected_values if row[:2] == (system, table)]
    assert found == EXPECTED[system][table].get("rejected_values", [])


@pytest.fixture(scope="module")
def declared() -> dict[tuple[str, str], DeclaredTable]:
    return {(item.system, spelling(item.name)): item for item in declared_tables(ROOT)}


@pytest.fixture(scope="module")
def variables() -> ModelVariables:
    return load_settings(ROOT).models


@pytest.mark.parametrize(("system", "table"), TABLES)
def test_unmapped_columns_are_as_reviewed(
    landed: Landed,
    declared: dict[tuple[str, str], DeclaredTable],
    variables: ModelVariables,
    system: str,
    table: str,
) -> None:
    expected = EXPECTED[system][table]
    found = declared.get((system, spelling(table)))
    assert (found is not None) == ("unmapped_columns" in expected)
    if found is None:
        return
    columns = landed.columns[system, table]
    assert unmapped_columns(found, columns, variables) == expected["unmapped_columns"]
