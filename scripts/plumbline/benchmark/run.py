"""Build the sample company at several scales and put the cost beside that of copying its raw rows."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb

from plumbline.benchmark.measure import Cost, measured
from plumbline.project.settings import RAW_VARIABLE, load_settings
from plumbline.sample import generate

MEMORY_VARIABLE = "PLUMBLINE_MEMORY_LIMIT"
STEPS = {
    "scan": "scan of the used raw columns",
    "copy": "create table as of the used raw columns",
    "build": "dbt build without tests",
    "build_limited": "dbt build without tests, memory limited",
    "tests": "dbt tests",
    "gate": "Great Expectations",
}
_DEAREST = 10
_SEED = 1

Say = Callable[[str], None]


@dataclass(frozen=True)
class Dearest:
    """A model and the seconds on the clock that dbt spent on it."""

    model: str
    wall_seconds: float


@dataclass(frozen=True)
class Result:
    """What one scale cost."""

    scale: float
    raw_rows: int
    steps: dict[str, Cost]
    dearest: list[Dearest] = field(default_factory=list)

    @property
    def ratios(self) -> dict[str, float]:
        """Ratios of CPU seconds; of the limited build to the free one also its peak, in MiB."""
        cpu = {name: max(step.cpu_seconds, 0.01) for name, step in self.steps.items()}
        return {
            "build_to_copy": round(cpu["build"] / cpu["copy"], 2),
            "build_to_scan": round(cpu["build"] / cpu["scan"], 2),
            "checks_to_build": round((cpu["tests"] + cpu["gate"]) / cpu["build"], 2),
            "limited_to_free": round(cpu["build_limited"] / cpu["build"], 2),
        }

    @property
    def rows_per_cpu_second(self) -> int:
        """Raw rows that the build reads per CPU second."""
        return round(self.raw_rows / max(self.steps["build"].cpu_seconds, 0.01))


def growth(results: list[Result]) -> list[dict[str, float]]:
    """From scale to scale: how rows and the build's CPU seconds grew, and the second over the first (1 is linear)."""
    found = []
    for before, after in pairwise(results):
        rows = after.raw_rows / before.raw_rows
        cpu = after.steps["build"].cpu_seconds / max(before.steps["build"].cpu_seconds, 0.01)
        found.append(
            {
                "from_scale": before.scale,
                "to_scale": after.scale,
                "rows": round(rows, 2),
                "build_cpu": round(cpu, 2),
                "build_cpu_to_rows": round(cpu / rows, 3),
            }
        )
    return found


def benchmark(root: Path, folder: Path, scales: list[float], memory_limit: str, say: Say) -> dict[str, Any]:
    """Measure all scales, smallest first, in `folder`; what is to be written to `benchmarks/results.json`.

    Raises BuildError when a step fails.
    """
    results = [_measure(root, folder, scale, memory_limit, say) for scale in sorted(set(scales))]
    largest = results[-1]
    return {
        "machine": {
            "cores": os.cpu_count(),
            "processor": platform.machine(),
            "python": platform.python_version(),
            "duckdb": duckdb.__version__,
        },
        "memory_limit": memory_limit,
        "scale": largest.scale,
        "raw_rows": largest.raw_rows,
        "rows_per_cpu_second": largest.rows_per_cpu_second,
        "steps": {name: asdict(step) for name, step in largest.steps.items()},
        "ratios": largest.ratios,
        "dearest_models": [asdict(model) for model in largest.dearest],
        "growth": growth(results),
        "scales": [
            {
                "scale": result.scale,
                "raw_rows": result.raw_rows,
                "steps": {name: asdict(step) for name, step in result.steps.items()},
                "ratios": result.ratios,
            }
            for result in results
        ],
    }


def _measure(root: Path, folder: Path, scale: float, memory_limit: str, say: Say) -> Result:
    raw = _raw(folder, scale, say)
    work = folder / f"work_{scale:g}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    steps: dict[str, Cost] = {}

    def step(name: str, command: list[str], environment: dict[str, str] | None = None) -> None:
        steps[name] = measured(command, folder=root, log=work / f"{name}.log", environment=environment)
        cost = steps[name]
        taken = f"{cost.cpu_seconds:9.1f} CPU s {cost.wall_seconds:9.1f} s {cost.peak_mb:8.0f} MB"
        say(f"scale {scale:g}  {STEPS[name]:<42} {taken}")

    own = [sys.executable, "-m", "plumbline.benchmark.steps"]
    step("scan", [*own, "scan", str(root), str(raw)])
    step("copy", [*own, "copy", str(root), str(raw), "--out", str(work / "copy.duckdb")])
    (work / "copy.duckdb").unlink()

    limited, free = work / "limited" / "marts.duckdb", work / "free" / "marts.duckdb"
    for database in (limited, free):
        database.parent.mkdir()
    step("build_limited", *_dbt(root, work, raw, limited, ["build", *_WITHOUT_TESTS], memory_limit))
    shutil.rmtree(limited.parent)
    step("build", *_dbt(root, work, raw, free, ["build", *_WITHOUT_TESTS]))
    dearest = _dearest(work / "target" / "run_results.json")
    step("tests", *_dbt(root, work, raw, free, ["test", "--exclude-resource-type", "unit_test"]))
    step("gate", [*own, "check", str(root), str(free)])
    rows = int(json.loads((work / "scan.log").read_text())["rows"])
    shutil.rmtree(free.parent)
    return Result(scale, rows, steps, dearest)


_WITHOUT_TESTS = ["--exclude-resource-type", "test", "unit_test"]


def _dbt(
    root: Path, work: Path, raw: Path, database: Path, arguments: list[str], memory_limit: str = ""
) -> tuple[list[str], dict[str, str]]:
    command = [
        str(Path(sys.executable).with_name("dbt")),
        *("--quiet", "--no-use-colors", "--log-level-file", "none"),
        *arguments,
        *("--target", "dev", "--target-path", str(work / "target")),
        *("--project-dir", str(root), "--profiles-dir", str(root)),
        *("--vars", json.dumps(load_settings(root).dbt_variables())),
    ]
    environment = {
        RAW_VARIABLE: str(raw),
        "PLUMBLINE_DEV_DATABASE": str(database),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        MEMORY_VARIABLE: memory_limit,
    }
    return command, environment


def _raw(folder: Path, scale: float, say: Say) -> Path:
    """The sample company at a scale; made once, kept for the next benchmark."""
    raw = folder / f"raw_{scale:g}.duckdb"
    if not raw.exists():
        say(f"scale {scale:g}  making the sample company")
        truth, processes = folder / f"truth_{scale:g}.duckdb", min(2, os.cpu_count() or 1)
        # A process of its own: Linux counts the peak of whoever starts a process as the peak of that process, too.
        with ProcessPoolExecutor(1, get_context("spawn")) as apart:
            apart.submit(generate, raw, truth, scale, _SEED, None, processes, force=True).result()
    return raw


def _dearest(run_results: Path) -> list[Dearest]:
    results = json.loads(run_results.read_text(encoding="utf-8"))["results"]
    models = [result for result in results if str(result["unique_id"]).startswith("model.")]
    models.sort(key=lambda result: -float(result["execution_time"]))
    return [
        Dearest(str(result["unique_id"]).rpartition(".")[2], round(float(result["execution_time"]), 2))
        for result in models[:_DEAREST]
    ]
