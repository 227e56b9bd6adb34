"""`verify`: columns of compiled models, proved to be what the definitions say."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from plumbline.cli.definitions.shared import load, show_problems

if TYPE_CHECKING:
    from plumbline.definitions.proving.verifying import Verified


def verify_command(
    manifest: Annotated[
        Path | None,
        typer.Option(
            help="A manifest.json that `dbt compile` or `dbt build` wrote. Default: compile now, without data."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Prove that every column that a term drives is the term, by the compiled SQL.

    Columns of public models that are called like a term are looked at, too: one that says something else is a finding.

    \b
    plumbline definitions verify
    plumbline definitions verify --manifest target/manifest.json --json
    """
    from plumbline.definitions.prover import require_z3
    from plumbline.definitions.proving.verifying import verified_object, verified_problems, verify

    require_z3()
    library = load()
    found = verify(library, compiled_manifest(manifest))
    problems = verified_problems(library, found)
    if as_json:
        columns = [verified_object(item) for item in found]
        typer.echo(json.dumps({"columns": columns, "problems": [asdict(item) for item in problems]}, indent=2))
    else:
        _show(found)
        show_problems(problems, as_json)
    if problems:
        raise typer.Exit(1)


def compiled_manifest(path: Path | None) -> Any:
    """What dbt says of the compiled models: of a file, or compiled now, without data. Raises NamingError of a file."""
    from plumbline.cli.options import OPTIONS
    from plumbline.definitions.proving.sides import NamingError
    from plumbline.project.paths import find_project
    from plumbline.quality.checks.run import compiled_project

    if path is None:
        return compiled_project(find_project(OPTIONS.project), None).manifest
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        compiled = any(node.get("compiled_code") for node in manifest["nodes"].values())
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise NamingError(f"{path} is no manifest of dbt.", "Name the target/manifest.json of a build.") from error
    if not compiled:
        raise NamingError(f"{path} holds no compiled SQL.", "Run `dbt compile`, or leave --manifest out.")
    return manifest


def _show(found: list[Verified]) -> None:
    from rich.console import Group, RenderableType
    from rich.table import Table

    from plumbline.cli.definitions.shown import verdict_shown
    from plumbline.nightly.summary import show

    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for heading in ("model", "column", "is", "proof"):
        table.add_column(heading, overflow="fold")
    rows: list[RenderableType] = []
    for item in sorted(found, key=lambda item: (item.model, item.column)):
        assumed = [*item.notes, *(item.verdict.assumptions if item.verdict and item.state == "proved" else ())]
        because = f"not provable: {item.reason}" if item.state == "not provable" else item.state
        table.add_row(item.model, item.column, item.version, "; assumed: ".join([because, *assumed]))
        if item.state == "differs" and item.verdict is not None:
            rows += verdict_shown(item.verdict, item.entity, (f"{item.model}.{item.column}", item.version))
    show(Group(table, *rows))
    states = Counter(str(item.state) for item in found)
    typer.echo(", ".join(f"{states[state]} {state}" for state in ("proved", "differs", "not provable")) + ".")
