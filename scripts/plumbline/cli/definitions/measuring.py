"""`measure`, `explain` and `report`: what the built marts tell about meanings."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from plumbline.cli.definitions.shared import (
    DatabaseOption,
    JsonOption,
    TargetOption,
    load,
    load_variants,
    made_in,
    marts,
    show_problems,
    write_out,
)

if TYPE_CHECKING:
    from plumbline.definitions.reporting.explaining import Explanation
    from plumbline.definitions.reporting.tolerances import Agreement


def measure_command(
    term: Annotated[str | None, typer.Argument(metavar="[TERM]", help="Only this term.")] = None,
    target: TargetOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how far the sides of each term part on the records.

    \b
    plumbline definitions measure
    plumbline definitions measure mql --json
    """
    from plumbline.definitions.problems import nearest
    from plumbline.definitions.reporting.tolerances import agreements, tolerance_problems

    library = load()
    if term is not None and term not in library.terms:
        raise typer.BadParameter(f"there is no term `{term}`. {nearest(term, library.terms)}", param_hint="TERM")
    with marts(target, database) as (connection, as_of_date):
        found = [item for item in agreements(connection) if term in (None, item.term)]
    problems = list(tolerance_problems(library, found))
    if as_json:
        told = [{**asdict(item), "disputed_share": item.disputed_share} for item in found]
        body = {
            "as_of_date": as_of_date.isoformat(),
            "agreements": told,
            "problems": [asdict(item) for item in problems],
        }
        typer.echo(json.dumps(body, indent=2, default=float))
    else:
        _show_agreements(found, as_of_date)
        show_problems(problems, as_json=False)
    if problems:
        raise typer.Exit(1)


def explain_command(
    term: Annotated[str, typer.Argument(metavar="TERM", help="The term.")],
    record: Annotated[str, typer.Option("--record", help="The record: its key, its id in the CRM, or a domain.")],
    target: TargetOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why a record is in or out, criterion by criterion, for every version and team.

    \b
    plumbline definitions explain won --record 0065g000001A00TAAS
    plumbline definitions explain active_customer --record acme.example
    """
    from plumbline.definitions.importing import import_variant
    from plumbline.definitions.problems import nearest
    from plumbline.definitions.reporting.explaining import explain

    library = load()
    variants, semantics = load_variants(library)
    if term not in library.terms:
        raise typer.BadParameter(f"there is no term `{term}`. {nearest(term, library.terms)}", param_hint="TERM")
    own = [(found, import_variant(found, semantics)) for found in variants.values() if found.variant.term == term]
    with marts(target, database) as (connection, _):
        found = explain(library.terms[term], own, connection, record)
    if as_json:
        typer.echo(json.dumps({**asdict(found), "record_key": str(found.record_key)}, indent=2, default=str))
    else:
        _show_explanation(found)


def report_command(
    out: Annotated[
        Path | None, typer.Option(help="The folder of the pages. Default: build/definitions of the project.")
    ] = None,
    form: Annotated[Literal["html", "md"], typer.Option("--format", help="Pages, or Markdown for a pull request.")] = (
        "html"
    ),
    target: TargetOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a page for each term, and an index led by the share of open pipeline in dispute.

    \b
    plumbline definitions report
    plumbline definitions report --format md --out review/
    """
    from plumbline.definitions.reporting.pages import INDEX, render_pages
    from plumbline.definitions.reporting.words import dispute_sentence

    library = load()
    folder = out or made_in(library)
    with marts(target, database) as (connection, as_of_date):
        made = render_pages(library, connection, as_of_date, form)
    shown = {name: write_out(folder / name, text) for name, text in made.pages.items()}
    if as_json:
        dispute = {**asdict(made.headline), "share": made.headline.share}
        body = {"index": shown[f"{INDEX}.{form}"], "pages": sorted(shown.values()), "dispute": dispute}
        typer.echo(json.dumps(body, indent=2, default=str))
        return
    typer.echo(f"In dispute: {dispute_sentence(made.headline)}.")
    typer.echo(f"{len(made.pages)} pages; begin with {shown[f'{INDEX}.{form}']}")


def _show_agreements(found: list[Agreement], as_of_date: date) -> None:
    from rich.console import Console
    from rich.table import Table

    from plumbline.definitions.reporting.words import percent, plain

    table = Table(title=f"Agreement at the end of the newest month, data as of {as_of_date}", title_justify="left")
    for name in ("term", "sides", "both", "only first", "only second", "in dispute", "kappa"):
        table.add_column(name, justify="left" if name in ("term", "sides") else "right")
    for item in found:
        counts = (f"{number:,}" for number in (item.both, item.only_first, item.only_second))
        kappa = "–" if item.kappa is None else str(item.kappa)
        sides = f"{plain(item.first_side)}, {plain(item.second_side)}"
        table.add_row(plain(item.term), sides, *counts, percent(item.disputed_share), kappa)
    Console(soft_wrap=False).print(table)


def _show_explanation(found: Explanation) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from plumbline.definitions.reporting.words import plain, shown_value

    console = Console(highlight=False)
    console.print(Text(f"{found.term}, {found.entity} {found.record_key}", style="bold"))
    for name, value in found.values.items():
        console.print(f"  {plain(name)}: {shown_value(value)}")
    words: dict[Any, str] = {True: "met", False: "not met", None: "unknown, so not met"}
    for side in found.sides:
        who = "Shared" if side.team is None else plain(side.team).capitalize()
        table = Table(title=f"{who}, {side.side}: {'yes' if side.answer else 'no'}", title_justify="left")
        for column in ("criterion", "condition", "here"):
            table.add_column(column)
        for name, sql, value in side.criteria:
            table.add_row(plain(name), sql, words[value])
        console.print(table)
