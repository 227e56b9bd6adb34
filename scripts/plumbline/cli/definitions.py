"""`plumbline definitions`: business terms, checked and turned into dbt macros."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from plumbline.definitions.library import Library
    from plumbline.definitions.problems import Problem

app = typer.Typer(
    help="Business terms: check them, and make the macros that models use.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.command("build")
def build_command(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 and name the files that are stale.")
    ] = False,
) -> None:
    """Make macros, tests, docs, catalogue and editor schemas from definitions/."""
    from plumbline.definitions.build import build, stale_files

    library = _load(as_json=False)
    changed = stale_files(library) if check else build(library)
    for file in changed:
        done = "removed" if file.why == "left over" else "written"
        typer.echo(f"{file.path}: {file.why if check else done}")
    if check and changed:
        typer.echo(
            f"{len(changed)} generated files are stale: run `plumbline definitions build` and commit.",
            err=True,
        )
        raise typer.Exit(1)
    if not changed:
        typer.echo(f"All that is made from {len(library.terms)} terms is up to date.")


@app.command("check")
def check_command(
    as_json: Annotated[bool, typer.Option("--json", help="Findings as one JSON object.")] = False,
    today: Annotated[
        str | None,
        typer.Option(help="The day (YYYY-MM-DD) on which reviews are looked at. Default: today, UTC."),
    ] = None,
) -> None:
    """Check shape, types, examples, effective dates, sign-offs, reviews and variants; exit 1 on an error."""
    from plumbline.definitions.checks import check_library

    library = _load(as_json)
    problems = check_library(library, _day(today))
    _show(problems, as_json)
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(1)
    if not as_json:
        versions = [(governed, version) for governed in library.terms.values() for version in governed.term.versions]
        examples = sum(len(version.examples) for _, version in versions)
        drafts = sum(1 for governed, version in versions if governed.unsigned(version))
        typer.echo(
            f"{len(library.terms)} terms in {len(versions)} versions hold, with {examples} examples; "
            f"{drafts} versions are drafts that wait for sign-offs."
        )


def _load(as_json: bool) -> Library:
    """The definitions of this project; findings are shown and end the command."""
    from plumbline.cli.options import OPTIONS
    from plumbline.definitions.loading import load_library
    from plumbline.definitions.problems import DefinitionsError
    from plumbline.project.paths import find_project

    try:
        return load_library(find_project(OPTIONS.project))
    except DefinitionsError as error:
        _show(error.problems, as_json)
        raise typer.Exit(1) from None


def _show(problems: list[Problem], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"problems": [asdict(problem) for problem in problems]}, indent=2))
        return
    for problem in problems:
        typer.echo(str(problem), err=True)


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day; write YYYY-MM-DD", param_hint="--today") from None
