"""`plumbline config`: the settings in force, and what is made from them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from plumbline.project.settings import Settings

app = typer.Typer(
    help="Settings: show them, and hand them to plain dbt.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.command("show")
def show_command(
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")] = False,
) -> None:
    """Print each setting and where its value comes from: the default, a line of plumbline.yml, the environment."""
    from dataclasses import asdict

    from plumbline.config.values import values_in_force

    root, settings = _open()
    values = values_in_force(root, settings)
    if as_json:
        typer.echo(json.dumps({"settings": [asdict(value) for value in values]}, indent=2))
        return
    rows = [(value.name, _shown(value.value), value.source) for value in values]
    widths = [max(len(row[column]) for row in rows) for column in (0, 2)]
    for name, value, source in rows:
        typer.echo(f"{name:<{widths[0]}}  {source:<{widths[1]}}  {value}".rstrip())


@app.command("apply")
def apply_command(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 and name the files that are stale.")
    ] = False,
) -> None:
    """Write what is made from plumbline.yml: what dbt reads, models of custom columns, docs/settings.md."""
    from plumbline.config.apply import apply, stale_files

    root, settings = _open()
    changed = stale_files(root, settings) if check else apply(root, settings)
    for name in changed:
        typer.echo(f"{name}: {'differs' if check else 'written'}")
    if check and changed:
        typer.echo("Made from other settings than plumbline.yml has: run `plumbline config apply`.", err=True)
        raise typer.Exit(1)
    if not changed:
        typer.echo("All that is made from the settings is up to date.")


def _open() -> tuple[Path, Settings]:
    from plumbline.cli.options import OPTIONS
    from plumbline.project.paths import find_project
    from plumbline.project.settings import load_settings

    root = find_project(OPTIONS.project)
    return root, load_settings(root)


def _shown(value: Any) -> str:
    if value in (None, "", {}, []):
        return "(empty)"
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)
