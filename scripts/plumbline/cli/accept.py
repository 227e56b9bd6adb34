"""The sub-command `accept`."""

from __future__ import annotations

from typing import Annotated

import typer

from plumbline.cli.nightly import TargetOption, open_target


def accept(
    check: Annotated[str, typer.Argument(help="The check, as the night's message and its page name it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why the finding may pass; it is shown every night.")],
    until: Annotated[str, typer.Option("--until", help="The last day on which it may pass.", metavar="YYYY-MM-DD")],
    by: Annotated[str, typer.Option("--by", help="The role that answers for it, such as 'data team'.")] = "operator",
    target: TargetOption = None,
) -> None:
    """Let one known finding of the quality gate through until a day; each summary shows it.

    After that day it blocks again, and before it where it gets worse than it was in the last run.
    What is accepted is recorded for good in state/<target>/accepted.jsonl.
    A check that is broken cannot be accepted: it says nothing about the data.
    """
    from plumbline.nightly.clock import stamp, utc_now
    from plumbline.quality.gate.accepted import Accepted, known_checks, last_figures
    from plumbline.quality.gate.accepted import accept as record
    from plumbline.quality.gate.history import read_runs
    from plumbline.quality.gate.suites import load_suites

    settings, paths = open_target(target)
    suites = load_suites(paths.root / settings.quality.suites)
    now = utc_now()
    runs = read_runs(paths.checks)
    entry = Accepted(stamp(now), check, reason, until, by, **last_figures(runs, check))
    record(paths.accepted, entry, known_checks(suites, runs), now.date())
    typer.echo(f"Accepted for target {paths.target}: {entry.sentence}")
    if entry.seen is None:
        typer.echo("The last run did not find it, so whatever it finds passes until then.")
    else:
        typer.echo(f"It passes while it is no worse than in the last run: {entry.extent}.")
