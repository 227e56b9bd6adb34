"""`diff`: what a change does to the meaning of terms."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plumbline.cli.definitions.shared import load, show_problems

if TYPE_CHECKING:
    from plumbline.definitions.library import Library
    from plumbline.definitions.proving.changes import Change


def diff_command(
    span: Annotated[
        str,
        typer.Argument(metavar="BASE..HEAD", help="Two commits, tags or branches; BASE alone: against the files here."),
    ] = "HEAD",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Prove what a change does to meaning, for each version of each term, and which version and sign-offs it needs.

    \b
    plumbline definitions diff
    plumbline definitions diff main..HEAD --json
    """
    from plumbline.cli.options import OPTIONS
    from plumbline.definitions.prover import require_z3
    from plumbline.definitions.proving.changes import change_object, change_problems, changes
    from plumbline.project.paths import find_project

    require_z3()
    root = find_project(OPTIONS.project)
    base, _, head = span.partition("..")
    found = changes(library_at(root, base or "HEAD"), library_at(root, head) if head else load())
    problems = change_problems(found)
    if as_json:
        machine = {
            "changes": [change_object(change) for change in found],
            "problems": [asdict(item) for item in problems],
        }
        typer.echo(json.dumps(machine, indent=2))
    else:
        _show(found)
        show_problems(problems, as_json)
    if problems:
        raise typer.Exit(1)


def library_at(root: Path, reference: str) -> Library:
    """The definitions at a commit, tag or branch. Raises NamingError."""
    from plumbline.definitions.loading import load_library
    from plumbline.definitions.problems import DefinitionsError
    from plumbline.definitions.proving.changes import unpack
    from plumbline.definitions.proving.sides import NamingError

    with tempfile.TemporaryDirectory(prefix="plumbline-diff-") as name:
        try:
            return load_library(unpack(root, reference, Path(name)))
        except DefinitionsError as error:
            first = error.problems[0]
            raise NamingError(
                f"The definitions at `{reference}` cannot be read: {first.path}:{first.line}: {first.message}",
                "Compare with a commit whose definitions this version of Plumbline reads.",
            ) from error


def _show(found: list[Change]) -> None:
    from rich.console import Group, RenderableType
    from rich.text import Text

    from plumbline.cli.definitions.shown import assumptions_shown, rows_shown
    from plumbline.definitions.proving.changes import in_words
    from plumbline.nightly.summary import show

    parts: list[RenderableType] = []
    for change in found:
        if change.kind == "unchanged":
            continue
        parts.append(Text(f"{change.term}@{change.version} is {in_words(change)}.", style="bold"))
        if change.verdict is not None:
            if change.verdict.reason is not None:
                parts.append(Text(f"Open: {change.verdict.reason}."))
            if change.verdict.counterexamples:
                parts.append(rows_shown(change.verdict.counterexamples, change.entity, ("now", "before")))
            parts += assumptions_shown(change.verdict.assumptions)
        if change.waits_for:
            parts.append(Text(f"A draft: it waits for the sign-off of {', '.join(change.waits_for)}."))
    if parts:
        show(Group(*parts))
    unchanged = [change for change in found if change.kind == "unchanged"]
    drafts = sum(1 for change in found if change.waits_for)
    typer.echo(f"{len(found)} versions: {len(unchanged)} unchanged; {drafts} drafts that wait for sign-offs.")
