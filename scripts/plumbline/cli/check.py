"""`plumbline check`: the project's conventions, held against what dbt makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from plumbline.cli.nightly import JsonOption, open_target

if TYPE_CHECKING:
    from plumbline.quality.checks.model import Check, Project


def check(
    codes: Annotated[list[str] | None, typer.Argument(help="Codes of checks. Default: all.", metavar="[CODE]…")] = None,
    as_json: JsonOption = False,
    explain: Annotated[str | None, typer.Option(help="Explain one check: why, and an example.", metavar="CODE")] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the checks.")] = False,
    page: Annotated[bool, typer.Option("--page", help="Print docs/conventions.md as the checks have it.")] = False,
) -> None:
    """Hold the project's conventions against dbt's manifest, the compiled SQL and the YAML; exit 1 on a violation.

    Compiles the project without looking at any data. What is published from the sample company is searched for
    personal data, if there is such a build.
    """
    from plumbline.quality.checks.catalogue import CHECKS
    from plumbline.quality.checks.page import conventions_page, explained
    from plumbline.quality.checks.run import run_checks

    if explain is not None:
        typer.echo(explained(_known(explain)))
        return
    if page:
        typer.echo(conventions_page(), nl=False)
        return
    if listed:
        for item in CHECKS:
            typer.echo(f"{item.code}  {item.name}")
        return
    wanted = [_known(code) for code in codes] if codes else list(CHECKS)
    outcome = run_checks(_project(), wanted)
    if as_json:
        typer.echo(outcome.model_dump_json(indent=2))
    else:
        for found in outcome.violations:
            typer.echo(f"{found.code}  {found.where}: {found.what}")
        for code in outcome.skipped:
            typer.echo(f"{code}  skipped: there is no published build of the sample company")
        typer.echo(f"{len(outcome.checked)} checks, {len(outcome.violations)} violations.")
        if outcome.violations:
            typer.echo("How to mend them: plumbline check --explain CODE", err=True)
    if outcome.violations:
        raise typer.Exit(1)


def _known(code: str) -> Check:
    from plumbline.quality.checks.catalogue import BY_CODE

    if code.upper() not in BY_CODE:
        raise typer.BadParameter(f"there is no check '{code}'; --list shows all")
    return BY_CODE[code.upper()]


def _project() -> Project:
    from plumbline.definitions.deciding import deciding_values
    from plumbline.definitions.loading import load_library
    from plumbline.nightly.versions import LINK
    from plumbline.project.settings import raw_place
    from plumbline.quality.checks.run import compiled_project, published_sample

    settings, paths = open_target(None)
    raw, _ = raw_place(paths.root, settings)
    published = published_sample(paths.published / LINK, raw.with_name("truth.duckdb"))
    return compiled_project(paths.root, published, deciding_values(load_library(paths.root)))
