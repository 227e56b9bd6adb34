"""`build` and `check`: definitions held against their rules, and turned into dbt macros."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from plumbline.cli.definitions.shared import JsonOption, day_of, load, show_problems

if TYPE_CHECKING:
    from plumbline.definitions.build import StaleFile
    from plumbline.definitions.library import Library
    from plumbline.definitions.problems import Problem


def build_command(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; name the files that are stale.")] = False,
    redraft: Annotated[
        list[str] | None,
        typer.Option(metavar="TERM", help="Record what this term's unsigned versions mean now; may be repeated."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make macros, tests, docs, catalogue and editor schemas from definitions/, and record what each version means.

    A recorded version that means something else now is refused, unless the prover shows that it means the same.

    \b
    plumbline definitions build
    plumbline definitions build --check
    """
    from plumbline.definitions.build import build, stale_files
    from plumbline.definitions.proving.ledger import look, record, stale
    from plumbline.definitions.recorded import recorded_terms

    library = load()
    unknown = set(redraft or ()) - {word.term.term for word in library.words} - recorded_terms(library.root)
    if unknown:
        raise typer.BadParameter(f"there is no term `{min(unknown)}`", param_hint="--redraft")
    looked = look(library, redraft or ())
    if looked.problems:
        show_problems(looked.problems, as_json)
        raise typer.Exit(1)
    changed = stale(library, looked) if check else record(library, looked)
    # What is on record belongs to what is made: the catalogue shows it.
    library = load()
    changed += stale_files(library) if check else build(library)
    _show_made(changed, check, as_json)
    if check and changed:
        typer.echo(
            f"{len(changed)} generated files are stale: run `plumbline definitions build` and commit.",
            err=True,
        )
        raise typer.Exit(1)
    if not changed and not as_json:
        typer.echo(f"All that is made from {len(library.words)} terms is up to date.")


def _show_made(changed: list[StaleFile], check: bool, as_json: bool) -> None:
    told = []
    for file in changed:
        done = "removed" if file.why == "left over" else "written"
        told.append({"path": str(file.path), "state": file.why if check else done})
    if as_json:
        typer.echo(json.dumps({"files": told}, indent=2))
    else:
        for item in told:
            typer.echo(f"{item['path']}: {item['state']}")


def check_command(
    as_json: Annotated[bool, typer.Option("--json", help="Findings as one JSON object.")] = False,
    today: Annotated[
        str | None,
        typer.Option(help="The day (YYYY-MM-DD) on which reviews are looked at. Default: today, UTC."),
    ] = None,
) -> None:
    """Check shape, types, examples, criteria, effective dates, sign-offs, reviews and variants.

    \b
    plumbline definitions check
    plumbline definitions check --today 2027-01-31 --json
    """
    from plumbline.definitions.checks import check_library
    from plumbline.project.settings import load_settings

    library = load()
    grace = timedelta(days=load_settings(library.root).definitions.grace_days)
    problems = [*check_library(library, day_of(today), grace), *_proved(library)]
    show_problems(problems, as_json)
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(1)
    if not as_json:
        versions = [(word, version) for word in library.words for version in word.term.versions]
        examples = sum(len(version.examples) for _, version in versions)
        drafts = sum(1 for word, version in versions if word.unsigned(version))
        typer.echo(
            f"{len(library.words)} terms in {len(versions)} versions hold, with {examples} examples; "
            f"{drafts} versions are drafts that wait for sign-offs."
        )


def _proved(library: Library) -> list[Problem]:
    """What only a proof can tell; a word on standard error when nothing can be proved here."""
    from plumbline.definitions.prover import require_z3
    from plumbline.definitions.proving.criteria import criteria_problems, variant_problems
    from plumbline.definitions.proving.ledger import look
    from plumbline.project.errors import SettingsError

    try:
        require_z3()
    except SettingsError as error:
        unchecked = "criteria that decide nothing, identities, changes of meaning"
        typer.echo(f"Not checked: {unchecked}. {error.what} {error.mending}", err=True)
        return []
    return [*criteria_problems(library), *variant_problems(library), *look(library).problems]
