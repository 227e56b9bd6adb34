"""`lint`: SQL that spells a governed term by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plumbline.cli.definitions.shared import load
from plumbline.cli.definitions.verifying import compiled_manifest

if TYPE_CHECKING:
    from plumbline.definitions.linting.baseline import Held


def lint_command(
    path: Annotated[
        Path | None,
        typer.Argument(help="A file or a folder with queries of BI tools (*.sql). Default: the models of the project."),
    ] = None,
    dialect: Annotated[str, typer.Option(help="The SQL dialect of the queries.")] = "duckdb",
    manifest: Annotated[
        Path | None,
        typer.Option(
            help="A manifest.json that `dbt compile` or `dbt build` wrote. Default: compile now, without data."
        ),
    ] = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Note what is found as known, in definitions/lint_baseline.yml.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Find SQL that spells a term by hand, nearly, or under its name.

    A line is allowed by a comment on it or before it: `-- plumbline: allow D2 because …`.

    \b
    plumbline definitions lint
    plumbline definitions lint dashboards/ --dialect snowflake
    """
    from plumbline.definitions.linting.baseline import BASELINE, hold, read_baseline
    from plumbline.definitions.linting.baseline import write_baseline as record
    from plumbline.definitions.linting.findings import finding_object
    from plumbline.definitions.linting.lint import lint_models, lint_queries
    from plumbline.definitions.prover import require_z3

    require_z3()
    library = load()
    # what is wrong with the baseline is told before anything is compiled
    known = read_baseline(library.root)
    compiled = compiled_manifest(manifest)
    linted = lint_models(library, compiled) if path is None else lint_queries(library, compiled, path, dialect)
    if write_baseline:
        typer.echo(f"{BASELINE} holds {record(library.root, linted)}.", err=True)
        known = read_baseline(library.root)
    held = hold(library.root, linted, known)
    if as_json:
        machine = {
            "findings": [finding_object(finding) for finding in held.new],
            "known": [finding_object(finding) for finding in held.known],
            "gone": [dict(zip(("path", "code", "term", "text"), key, strict=True)) for key in held.gone],
            "strange_tables": [{"query": query, "table": table} for query, table in linted.strange_tables],
        }
        typer.echo(json.dumps(machine, indent=2))
    else:
        _show(held)
        for query, table in linted.strange_tables:
            typer.echo(
                f"{query} reads {table}, which is no model of this project: not held against any term.", err=True
            )
    if held.new:
        raise typer.Exit(1)


def _show(held: Held) -> None:
    from rich.console import Group, RenderableType
    from rich.text import Text

    from plumbline.cli.definitions.shown import rows_shown
    from plumbline.nightly.summary import show

    shown: list[RenderableType] = []
    for finding in held.new:
        shown.append(Text(f"{finding.path}:{finding.line}: {finding.code} {finding.message}", style="bold"))
        if finding.row is not None and finding.entity is not None:
            shown.append(rows_shown([finding.row], finding.entity, finding.names))
        shown.append(Text(f"{finding.mending}\n"))
    show(Group(*shown))
    for path, code, term, _ in held.gone:
        typer.echo(f"The baseline knows {code} {term} in {path}, which is no more: take it out.", err=True)
    known = f" {len(held.known)} more are known by the baseline." if held.known else ""
    typer.echo(f"{len(held.new)} findings.{known}")
