"""The sub-commands `state show`, `state backup` and `state restore`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from plumbline.cli.nightly import JsonOption, TargetOption, open_target

app = typer.Typer(
    name="state",
    help="What no build can make again: look at it, back it up, put it back.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def show(target: TargetOption = None, as_json: JsonOption = False) -> None:
    """Show what is in state/<target>/: runs, what was published, what the gate saw, what was accepted."""
    from plumbline.nightly.state import read_state, summary

    _, paths = open_target(target)
    seen = read_state(paths)
    typer.echo(json.dumps(seen.as_json(), indent=2) if as_json else "\n".join(summary(seen)))


@app.command()
def backup(
    file: Annotated[
        Path | None, typer.Argument(help="The file to write. Default: state-<target>-<time>.tar.gz here.")
    ] = None,
    target: TargetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the state to one new file, with a manifest and the hash of every file in it.

    Published versions are not in it: the next night makes them again. An example for every morning:

    plumbline state backup /backups/plumbline-$(date +%F).tar.gz
    """
    from plumbline.nightly.clock import utc_now
    from plumbline.nightly.state import back_up

    _, paths = open_target(target)
    written = file or Path(f"state-{paths.target}-{utc_now():%Y%m%dT%H%M%SZ}.tar.gz")
    contents = back_up(paths, written)
    if as_json:
        typer.echo(json.dumps({"file": str(written), **contents.model_dump(mode="json")}, indent=2))
        return
    size = sum(kept.bytes for kept in contents.files.values())
    typer.echo(f"Backed up {len(contents.files)} files, {size / 1024:,.0f} KB, of target {contents.target}: {written}")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that 'plumbline state backup' wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Write over the state that is there.")] = False,
    target: TargetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a backup back, proven whole first. Refuses to write over a state, unless told to with --replace.

    On an empty machine: plumbline state restore /backups/plumbline-2026-11-22.tar.gz, then plumbline nightly.
    """
    from plumbline.nightly.state import restore as put_back

    _, paths = open_target(target)
    done = put_back(paths, file, replace=replace)
    if as_json:
        typer.echo(json.dumps({"notice": done.notice, **done.contents.model_dump(mode="json")}, indent=2))
        return
    typer.echo(
        f"Restored {len(done.contents.files)} files of target {paths.target}, as of {done.contents.taken_at}; "
        f"published last: {done.contents.current_run or 'nothing'}."
    )
    if done.notice:
        typer.echo(done.notice)
