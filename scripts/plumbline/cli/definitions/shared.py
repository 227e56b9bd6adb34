"""What the commands on definitions share: loading, showing findings, reading a day."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from plumbline.project.exit_codes import FINDS_UNREADABLE, ExitCode

if TYPE_CHECKING:
    import duckdb

    from plumbline.definitions.importing import GovernedVariant
    from plumbline.definitions.library import Library
    from plumbline.definitions.problems import Problem
    from plumbline.definitions.semantics_schemas import Semantics
    from plumbline.nightly.manifest import Manifest


TargetOption = Annotated[
    str | None, typer.Option("--target", "-t", help="Whose published version is read. Default: the setting 'target'.")
]
DatabaseOption = Annotated[
    Path | None, typer.Option(help="Read this DuckDB file (such as plain dbt's) instead of the published version.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object.")]
TodayOption = Annotated[
    str | None, typer.Option(help="The day (YYYY-MM-DD) whose versions are meant. Default: today, UTC.")
]


def load() -> Library:
    """The definitions of this project. Raises DefinitionsError."""
    from plumbline.cli.options import OPTIONS
    from plumbline.definitions.loading import load_library
    from plumbline.project.paths import find_project

    return load_library(find_project(OPTIONS.project))


def load_variants(
    library: Library, anew: Path | None = None
) -> tuple[dict[str, GovernedVariant], dict[str, Semantics]]:
    """The teams' variants and what vendors' operators mean. Raises DefinitionsError."""
    from plumbline.definitions.importing import load_variants
    from plumbline.definitions.semantics import load_semantics

    return load_variants(library, anew), load_semantics(library.root)


def ended(verb: str, command: Callable[..., None]) -> Callable[..., None]:
    """The command, ended as every verb on definitions ends when they cannot be read: told by place, by one code."""
    unreadable = ExitCode.FINDINGS if verb in FINDS_UNREADABLE else ExitCode.USAGE

    @functools.wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        from plumbline.definitions.problems import DefinitionsError

        try:
            command(*arguments, **options)
        except DefinitionsError as error:
            show_problems(error.problems, as_json=bool(options.get("as_json")))
            raise typer.Exit(int(unreadable)) from None

    return run


def show_problems(problems: list[Problem], as_json: bool) -> None:
    """Findings, as lines on standard error or as one JSON object."""
    if as_json:
        typer.echo(json.dumps({"problems": [asdict(problem) for problem in problems]}, indent=2))
        return
    for problem in problems:
        typer.echo(str(problem), err=True)


def write_out(path: Path, text: str) -> str:
    """Write a page and return its name as people write it from where they stand.

    What `--out` names is read from there, too, like every file of a command line; see `made_in` for what nobody named.
    """
    from plumbline.definitions.problems import shown_path

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return shown_path(path, Path.cwd())


def made_in(library: Library) -> Path:
    """Where pages go that nobody gave a place: the project's own folder for what is made, wherever people stand."""
    return library.root / "build" / "definitions"


def day_of(text: str | None) -> date:
    """The day that was asked for; today (UTC) when none was."""
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day; write YYYY-MM-DD", param_hint="--today") from None


@dataclass(frozen=True)
class Marts:
    """A reading connection to the marts, the day that they look from, and what was published, if it was."""

    connection: duckdb.DuckDBPyConnection
    as_of_date: date
    manifest: Manifest | None


@contextmanager
def marts(target: str | None, database: Path | None) -> Iterator[tuple[duckdb.DuckDBPyConnection, date]]:
    """A reading connection to the marts, and the day that they look from."""
    with open_marts(target, database) as opened:
        yield opened.connection, opened.as_of_date


@contextmanager
def open_marts(target: str | None, database: Path | None) -> Iterator[Marts]:
    """The marts of a published version, or of a built file. Raises NoVersionError."""
    import duckdb

    from plumbline.cli.nightly import open_target
    from plumbline.nightly.manifest import read_manifest
    from plumbline.nightly.versions import Versions
    from plumbline.project.errors import NoVersionError
    from plumbline.project.paths import DATABASE_NAME

    manifest: Manifest | None = None
    if database is None:
        _, paths = open_target(target)
        versions = Versions(paths.published)
        current = versions.current()
        if current is None:
            raise NoVersionError(
                f"nothing is published for {paths.target} yet",
                "Run `plumbline nightly` first, or name a built file with --database.",
            )
        database, manifest = versions.path(current) / DATABASE_NAME, read_manifest(versions.path(current))
    elif not database.is_file():
        raise NoVersionError(f"there is no file {database}", "Build it: `dbt build`.")
    known = None if manifest is None else manifest.as_of_date
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            if known is None:
                found = connection.execute("select max(as_of_date) from intermediate.as_of").fetchone()
                known = str(found[0]) if found else None
            if known is None:
                raise NoVersionError(f"{database} does not say which day it is of", "Build it again.")
            yield Marts(connection, date.fromisoformat(known), manifest)
    except duckdb.CatalogException as error:
        # built before the tables that are asked for were there, or the marts of a published version without the rest
        raise NoVersionError(
            f"{database} lacks tables: {error}", "Name a file that dbt built, or build it again."
        ) from error
