"""`plumbline bench`: what the models cost, beside a copy of the same rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from plumbline.cli.options import OPTIONS


def bench(
    scale: Annotated[
        list[float] | None,
        typer.Option(help="Scale of the sample company (200 is 20 million raw rows); give several to see the growth."),
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where raw data and work files lie meanwhile.")] = Path("build/bench"),
    out: Annotated[Path, typer.Option(help="Where the results are written.")] = Path("benchmarks/results.json"),
    memory_limit: Annotated[str, typer.Option(help="DuckDB's limit in the build that is limited.")] = "1GB",
    show: Annotated[bool, typer.Option("--show", help="Only print the results that are there.")] = False,
) -> None:
    """Measure what the models cost: scan, copy, build, tests and checks of the same rows, in one run.

    CPU seconds differ from machine to machine; the ratios hardly do. Leave the machine alone meanwhile.
    """
    from plumbline.benchmark.run import benchmark
    from plumbline.project.errors import SettingsError
    from plumbline.project.paths import find_project
    from plumbline.sample.writer import plan_blocks

    root = find_project(OPTIONS.project)
    place = root / out
    scales = scale or [2.0, 20.0, 200.0]
    try:
        for each in scales:
            plan_blocks(each)
    except ValueError as error:
        raise SettingsError(f"--scale: {error}", "For a first look: --scale 0.2 --scale 1 --scale 5.") from error
    if show:
        if not place.is_file():
            raise SettingsError(f"there are no results in {out}", "Measure first: make bench.")
        results: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    else:
        results = benchmark(
            root,
            (root / folder).resolve(),
            scales,
            memory_limit,
            lambda line: typer.echo(line, err=True),
        )
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    show_results(results)


def show_results(results: dict[str, Any]) -> None:
    """Print what a benchmark found, for people."""
    from rich.console import Console
    from rich.table import Table

    from plumbline.benchmark.run import STEPS

    console = Console()
    steps = Table(title=f"{results['raw_rows']:,} raw rows (scale {results['scale']:g})", title_justify="left")
    for heading in ("step", "CPU s", "wall s", "peak MB"):
        steps.add_column(heading, justify="left" if heading == "step" else "right")
    for name, cost in results["steps"].items():
        steps.add_row(
            STEPS[name], *(f"{cost[key]:,.1f}" for key in ("cpu_seconds", "wall_seconds")), f"{cost['peak_mb']:,.0f}"
        )
    console.print(steps)
    ratios = Table(title="ratios of CPU seconds", title_justify="left", show_header=False)
    for name, value in results["ratios"].items():
        ratios.add_row(name.replace("_", " "), f"{value:.2f}")
    ratios.add_row("raw rows per CPU second of the build", f"{results['rows_per_cpu_second']:,}")
    for step in results["growth"]:
        ratios.add_row(
            f"growth of the build from scale {step['from_scale']:g} to {step['to_scale']:g}, rows = 1",
            f"{step['build_cpu_to_rows']:.3f}",
        )
    console.print(ratios)
    models = Table(title="dearest models", title_justify="left", show_header=False)
    for model in results["dearest_models"]:
        models.add_row(model["model"], f"{model['wall_seconds']:.1f} s")
    console.print(models)
