"""The command line `plumbline`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from plumbline.cli.options import OPTIONS
from plumbline.project.errors import PlumblineError, exit_code_of
from plumbline.project.exit_codes import MEANINGS, ExitCode

EPILOG = "Exit codes: " + " · ".join(f"{int(code)} {code.name.lower().replace('_', ' ')}" for code in MEANINGS)

app = typer.Typer(
    name="plumbline",
    help="The open unified revenue data model: build it, test it, publish it.",
    epilog=f"{EPILOG}. What each means: docs/exit-codes.md.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"plumbline {version('plumbline')}, duckdb {version('duckdb')}, dbt {version('dbt-core')}")
        raise typer.Exit


@app.callback()
def _global_options(
    project: Annotated[
        Path | None, typer.Option(help="The project's folder. Default: the nearest at or above this one.")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show versions and exit.")
    ] = False,
) -> None:
    OPTIONS.project = project
    OPTIONS.debug = debug


def _register() -> None:
    """Add the sub-commands. Their modules import what is heavy only when they run."""
    from plumbline.cli import config, definitions, nightly, state
    from plumbline.cli.accept import accept
    from plumbline.cli.bench import bench
    from plumbline.cli.check import check
    from plumbline.cli.doctor import doctor
    from plumbline.cli.sample import sample

    app.command("nightly")(nightly.nightly)
    app.command("status")(nightly.status)
    app.command("rollback")(nightly.rollback)
    app.command("accept")(accept)
    app.command("doctor")(doctor)
    app.command("check")(check)
    app.command("sample")(sample)
    app.command("bench")(bench)
    app.add_typer(config.app, name="config")
    app.add_typer(state.app, name="state")
    app.add_typer(definitions.app, name="definitions")


def main() -> None:
    """Run the command line; an error that a person can mend is shown as one message, without a traceback."""
    try:
        app()
    except PlumblineError as error:
        if OPTIONS.debug:
            raise
        show_error(error)
        sys.exit(exit_code_of(error))
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
        sys.exit(int(ExitCode.INTERRUPTED))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(int(ExitCode.UNEXPECTED))
    except Exception as error:
        if OPTIONS.debug:
            raise
        from plumbline.project.redact import redacted

        typer.echo(f"Error: unexpected {type(error).__name__}: {redacted(str(error))}", err=True)
        typer.echo("This is a defect. Run again as 'plumbline --debug …' and report what it shows.", err=True)
        sys.exit(int(ExitCode.UNEXPECTED))


def show_error(error: PlumblineError) -> None:
    """Write an error to standard error: what is wrong, then what to do."""
    typer.echo(f"Error: {error.what}", err=True)
    for line in error.mending.splitlines():
        typer.echo(f"  {line}", err=True)


_register()

if __name__ == "__main__":
    main()
