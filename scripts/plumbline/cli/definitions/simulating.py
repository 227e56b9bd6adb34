"""`simulate`: what a proposed change would have done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from plumbline.cli.definitions.changing import library_at
from plumbline.cli.definitions.shared import (
    DatabaseOption,
    JsonOption,
    TargetOption,
    TodayOption,
    day_of,
    load,
    marts,
)

if TYPE_CHECKING:
    from datetime import date

    from plumbline.definitions.library import Library
    from plumbline.definitions.proving.proposals import Proposal


def simulate_command(
    change: Annotated[str, typer.Argument(metavar="CHANGE", help="An edited term file, or a term.")],
    criterion: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=SQL", help="Of a term: a criterion replaced or added; repeatable."),
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Of a term: a criterion left out; repeatable.")
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(help="The commit whose version is in force. Default: the files here, which the change may be."),
    ] = None,
    limit: Annotated[int, typer.Option(min=0, max=1000, help="How many records are shown.")] = 5,
    form: Annotated[Literal["text", "md"], typer.Option("--format", help="Text, or Markdown for a pull request.")] = (
        "text"
    ),
    target: TargetOption = None,
    database: DatabaseOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a changed term would have done: volume by month, conversion, wins missed and gained, clocks, pipeline.

    Both versions judge the records as they are, and as they stood at the end of each month.

    \b
    plumbline definitions simulate mql --criterion fit_size='employee_count >= 20'
    plumbline definitions simulate pipeline --without forecast --format md
    plumbline definitions simulate definitions/terms/mql.yml --base main
    """
    from plumbline.cli.definitions.shown import sentence_of
    from plumbline.definitions.prover import Prover, require_z3
    from plumbline.definitions.reporting.backtest import backtest
    from plumbline.definitions.reporting.simulated import simulated, simulated_object, told
    from plumbline.project.settings import load_settings

    require_z3()
    library = load()
    before = library if base is None else library_at(library.root, base)
    proposal = _proposal(before, change, criterion or [], without or [], day_of(today))
    models = load_settings(library.root).models
    with Prover(proposal.governed.entity) as prover:
        verdict = prover.compare(proposal.proposed.sql, proposal.now.sql)
    with marts(target, database) as (connection, as_of_date):
        found = backtest(connection, proposal, as_of_date, models.later_outcome_days, models.business_time_zone, limit)
    if as_json:
        typer.echo(json.dumps(simulated_object(proposal, verdict, found, as_of_date), indent=2, default=str))
        return
    sentence = sentence_of(verdict, (proposal.proposed.label, proposal.now.label))
    typer.echo(told(list(simulated(proposal, verdict, sentence, found, as_of_date)), form), nl=False)
    if proposal.changes_nothing:
        typer.echo("The criteria are those in force: --base names a commit to hold them against.", err=True)


def _proposal(library: Library, change: str, criteria: list[str], without: list[str], day: date) -> Proposal:
    from plumbline.definitions.problems import nearest
    from plumbline.definitions.proving.proposals import of_file, of_words
    from plumbline.definitions.proving.sides import NamingError

    path = Path(change)
    if path.is_file():
        if criteria or without:
            raise typer.BadParameter("a file says all of the change; name the term instead", param_hint="--criterion")
        return of_file(library, day, path)
    governed = library.terms.get(change)
    if governed is None:
        raise NamingError(f"`{change}` is neither a term nor a file.", nearest(change, library.terms))
    if not criteria and not without:
        raise NamingError(f"What would change of `{change}`?", "Say it with --criterion NAME=SQL or --without NAME.")
    return of_words(governed, governed.in_force(day), criteria, without)
