"""What the benchmark makes of what it measured, and what it counts as used."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import duckdb
import pytest

from plumbline.benchmark.measure import Cost, measured
from plumbline.benchmark.run import Result, growth
from plumbline.benchmark.steps import copy, scan, used_tables
from plumbline.project.errors import BuildError
from plumbline.project.settings import ModelVariables
from plumbline.quality.raw import DeclaredTable

ROOT = Path(__file__).parents[3]


def result(scale: float, rows: int, **cpu: float) -> Result:
    names = ("scan", "copy", "build", "build_limited", "tests", "gate")
    return Result(scale, rows, {name: Cost(cpu.get(name, 1.0), 1.0, 100.0) for name in names})


def test_ratios_are_of_cpu_seconds() -> None:
    ratios = result(1, 1000, scan=2, copy=4, build=12, build_limited=15, tests=2, gate=4).ratios
    assert ratios == {"build_to_copy": 3.0, "build_to_scan": 6.0, "checks_to_build": 0.5, "limited_to_free": 1.25}


def test_growth_is_linear_when_cpu_grows_like_the_rows() -> None:
    steps = growth([result(2, 200, build=10), result(20, 2_000, build=100), result(200, 20_000, build=1_100)])
    assert [step["build_cpu_to_rows"] for step in steps] == [1.0, 1.1]


def test_a_step_is_measured_with_its_own_cpu_and_memory(tmp_path: Path) -> None:
    code = "x = bytearray(200 * 1024 * 1024); [i for i in range(2_000_000)]"
    cost = measured([sys.executable, "-c", code], folder=tmp_path, log=tmp_path / "log")
    assert cost.peak_mb > 200
    assert cost.cpu_seconds > 0


def test_a_step_that_fails_ends_the_benchmark_with_its_last_lines(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no such table"):
        measured([sys.executable, "-c", "raise SystemExit('no such table')"], folder=tmp_path, log=tmp_path / "log")


def test_only_columns_that_models_read_are_scanned_and_copied(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "raw.duckdb")) as raw:
        raw.execute("create schema salesforce")
        raw.execute(
            'create table salesforce."Account" as select 1 as "Id", 2 as "OwnerId", 3 as "Favourite" from range(5)'
        )
        raw.execute("create table salesforce.unread as select 1 as id")
    declared = [DeclaredTable("salesforce", "account", False, [], {}, ["id", "owner_id", "name"])]
    with duckdb.connect(str(tmp_path / "copy.duckdb")) as connection:
        connection.execute(f"attach '{tmp_path / 'raw.duckdb'}' as raw (read_only)")
        tables = list(used_tables(connection, declared, ModelVariables()))
        assert [(table.schema, table.name, table.columns) for table in tables] == [
            ("salesforce", "Account", ["Id", "OwnerId"])
        ]
        assert scan(connection, tables) == 5
        copy(connection, tables)
        assert connection.execute('from salesforce."Account"').fetchall() == [(1, 2)] * 5


def test_the_readme_quotes_the_results_that_are_checked_in() -> None:
    results = json.loads((ROOT / "benchmarks" / "results.json").read_text(encoding="utf-8"))
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("## What it costs")[2].partition("\n## ")[0]
    quoted = re.findall(r"^\| .+? \| ([\d.]+) \| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    order = ("scan", "copy", "build", "build_limited", "tests", "gate")
    steps = [results["steps"][name] for name in order]
    told = [(f"{step['cpu_seconds']:.1f}", f"{step['wall_seconds']:.0f}", f"{step['peak_mb']:.0f}") for step in steps]
    assert quoted == told
    ratios, growth_of = results["ratios"], results["growth"][-1]
    for number in (
        f"{ratios['build_to_copy']} times a copy",
        f"the checks {ratios['checks_to_build']} of the build",
        f"{ratios['limited_to_free']} times the CPU",
        f"{results['rows_per_cpu_second']:,} raw rows per CPU second",
        f"{results['raw_rows']:,} raw rows",
        f"rows grow {growth_of['rows']} times, the build's CPU {growth_of['build_cpu']} times",
    ):
        assert number in text, number
