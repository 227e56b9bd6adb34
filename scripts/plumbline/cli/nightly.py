"""The sub-commands `nightly`, `status` and `rollback`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from plumbline.project.paths import TargetPaths
    from plumbline.project.settings import Settings

TargetOption = Annotated[
    str | None,
    typer.Option("--target", "-t", help="dev or prod. Default: the setting 'target'.", metavar="TARGET"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")]


def nightly(
    target: TargetOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show only the summary.")] = False,
) -> None:
    """Build the marts from the raw data, test them and publish them: a whole version, or nothing.

    Takes the target's lock, checks the raw tables, builds in a work file, runs every test, writes the
    marts to a new version, proves it whole and makes it current in one step. If anything fails, readers
    keep the version that they have. Without any raw data the sample company is made first.
    """
    from plumbline.nightly.progress import Lines, Silent
    from plumbline.nightly.run import Night, run_night
    from plumbline.nightly.summary import night_summary, show

    settings, paths = open_target(target)
    progress = Silent() if quiet else Lines(lambda line: typer.echo(line, err=True))
    report = run_night(Night(paths.root, settings, paths.target, progress=progress))
    show(night_summary(report))


def status(target: TargetOption = None, as_json: JsonOption = False) -> None:
    """Show the current version, the age of its data, the last runs and whether one is on.

    Ends with code 9 when nothing is published yet.
    """
    import json

    from plumbline.nightly.clock import utc_now
    from plumbline.nightly.status import read_status
    from plumbline.project.exit_codes import ExitCode

    _, paths = open_target(target)
    seen = read_status(paths, utc_now())
    if as_json:
        typer.echo(json.dumps(seen.as_json(), indent=2))
    else:
        from plumbline.nightly.summary import show, status_summary

        show(status_summary(seen))
    if seen.current is None:
        raise typer.Exit(int(ExitCode.NO_VERSION))


def rollback(
    version: Annotated[
        str | None,
        typer.Argument(help="The version to go to. Default: the newest older than the current one."),
    ] = None,
    target: TargetOption = None,
) -> None:
    """Make an earlier version current again, in one step. 'plumbline status' lists the kept versions.

    The version is proven whole first, and the rollback is recorded. The next night publishes a new version.
    """
    from plumbline.nightly.rollback import roll_back

    _, paths = open_target(target)
    done = roll_back(paths, version)
    typer.echo(f"Rolled back from {done.before} to {done.now.run_id}, data as of {done.now.as_of_date or 'unknown'}.")
    if done.notice:
        typer.echo(done.notice)


def open_target(target: str | None) -> tuple[Settings, TargetPaths]:
    """The settings of the project that was asked for, and the paths of one of its targets."""
    from plumbline.cli.options import OPTIONS
    from plumbline.project.errors import SettingsError
    from plumbline.project.paths import TargetPaths, find_project
    from plumbline.project.settings import load_settings

    root: Path = find_project(OPTIONS.project)
    settings = load_settings(root)
    if target is None:
        return settings, TargetPaths.of(root, settings, settings.target)
    if target == "dev":
        return settings, TargetPaths.of(root, settings, "dev")
    if target == "prod":
        return settings, TargetPaths.of(root, settings, "prod")
    raise SettingsError(f"--target {target}: there is no such target", "Valid targets: dev, prod.")
