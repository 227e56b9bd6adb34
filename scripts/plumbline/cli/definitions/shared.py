"""What the commands on definitions share: loading, showing findings, reading a day."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from plumbline.definitions.importing import GovernedVariant
    from plumbline.definitions.library import Library
    from plumbline.definitions.problems import Problem
    from plumbline.definitions.semantics_schemas import Semantics


def load(as_json: bool) -> Library:
    """The definitions of this project; findings are shown and end the command."""
    from plumbline.cli.options import OPTIONS
    from plumbline.definitions.loading import load_library
    from plumbline.definitions.problems import DefinitionsError
    from plumbline.project.paths import find_project

    try:
        return load_library(find_project(OPTIONS.project))
    except DefinitionsError as error:
        show_problems(error.problems, as_json)
        raise typer.Exit(1) from None


def load_variants(library: Library, as_json: bool) -> tuple[dict[str, GovernedVariant], dict[str, Semantics]]:
    """The teams' variants and what vendors' operators mean; findings are shown and end the command."""
    from plumbline.definitions.importing import load_variants
    from plumbline.definitions.problems import DefinitionsError
    from plumbline.definitions.semantics import load_semantics

    try:
        return load_variants(library), load_semantics(library.root)
    except DefinitionsError as error:
        show_problems(list(error.problems), as_json)
        raise typer.Exit(1) from None


def show_problems(problems: list[Problem], as_json: bool) -> None:
    """Findings, as lines on standard error or as one JSON object."""
    if as_json:
        typer.echo(json.dumps({"problems": [asdict(problem) for problem in problems]}, indent=2))
        return
    for problem in problems:
        typer.echo(str(problem), err=True)


def day_of(text: str | None) -> date:
    """The day that was asked for; today (UTC) when none was."""
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day; write YYYY-MM-DD", param_hint="--today") from None
