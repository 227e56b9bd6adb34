"""`packet`, `sign` and `review`: how people agree to what words mean, and look at them again."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from plumbline.cli.definitions.shared import (
    DatabaseOption,
    JsonOption,
    TargetOption,
    day_of,
    load,
    made_in,
    marts,
    write_out,
)

if TYPE_CHECKING:
    from plumbline.definitions.library import Governed, GovernedMeasure, Library

DayOption = Annotated[
    str | None, typer.Option("--today", help="The day (YYYY-MM-DD) from which it is looked. Default: today, UTC.")
]
TermArgument = Annotated[str, typer.Argument(metavar="TERM", help="The term or measure.")]
FormatOption = Annotated[Literal["html", "md"], typer.Option("--format", help="A page, or Markdown.")]


def packet_command(
    term: TermArgument,
    version: Annotated[
        int | None, typer.Option(help="Which version. Default: the newest, in force or to come, that is not signed.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="The file. Default: build/definitions/packet_<term>_<version>.html of the project."),
    ] = None,
    form: FormatOption = "html",
    target: TargetOption = None,
    database: DatabaseOption = None,
    today: DayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write one page by which people who do not use git read what a version means, and sign it.

    Example: plumbline definitions packet mql --out mql.html
    """
    from plumbline.definitions.prover import require_z3
    from plumbline.definitions.reporting.packet import make_packet, packet_object, render_packet
    from plumbline.definitions.signing.sign import to_sign

    require_z3()
    library = load()
    word = _word(library, term)
    chosen = to_sign(word, version, day_of(today))
    packet = make_packet(library, word, chosen, _counted(word, target, database))
    if as_json:
        typer.echo(json.dumps(packet_object(packet), indent=2, default=str))
    if as_json and out is None:
        return
    shown = write_out(out or made_in(library) / f"{packet.stem}.{form}", render_packet(packet, form))
    if not as_json:
        waits = ", ".join(item.team for item in packet.asked if item.sign_off is None)
        typer.echo(
            f"{shown}: {packet.word.term.name}, version {chosen.version}, code {packet.code}; waits for {waits}."
        )


def sign_command(
    term: TermArgument,
    team: Annotated[str, typer.Option(help="The team that agrees.")],
    role: Annotated[str, typer.Option(help="The role that speaks for it; never a person's name.")],
    on: Annotated[str, typer.Option(metavar="DATE", help="The day (YYYY-MM-DD) on which it was signed.")],
    evidence: Annotated[
        str, typer.Option(help="The signed packet as a file of the project, or words that say where it is kept.")
    ],
    version: Annotated[
        int | None, typer.Option(help="Which version. Default: the only one that the team has not signed.")
    ] = None,
    meaning: Annotated[
        str | None, typer.Option(metavar="CODE", help="The code on the packet: refused when that is not what it means.")
    ] = None,
    today: DayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record in the term's file that a team agrees to exactly what a version means.

    Nothing but the new line changes in the file.

    Example: plumbline definitions sign mql --team sales --role "head of sales" --on 2026-11-23 --meaning
    4675-f9a7-d12b --evidence definitions/minutes/2026-11-23-mql.pdf
    """
    from plumbline.definitions.signing.codes import short_code
    from plumbline.definitions.signing.sign import Agreement, sign

    library = load()
    word = _word(library, term)
    given = Agreement(team, role, _day(on), evidence, version, meaning)
    done = sign(library, word, given, day_of(today))
    if as_json:
        signed = done.sign_off.model_dump(mode="json")
        about = {"term": done.term, "version": done.version, "path": done.path, "line": done.line}
        typer.echo(json.dumps({**about, "sign_off": signed, "waits_for": list(done.waits_for)}, indent=2))
        return
    code = short_code(done.sign_off.meaning)
    typer.echo(
        f"{done.path}:{done.line}: {done.sign_off.team} signed version {done.version} of {done.term}, code {code}."
    )
    typer.echo(f"Waits for: {', '.join(done.waits_for)}." if done.waits_for else "Every required team has signed.")
    typer.echo("Run `plumbline definitions build`, and commit what changed.")


def review_command(
    quarter: Annotated[str, typer.Option(metavar="QUARTER", help="The calendar quarter, such as 2026-Q3.")],
    form: Annotated[
        Literal["text", "md", "html"], typer.Option("--format", help="For the terminal, as Markdown, or a page.")
    ] = "text",
    out: Annotated[Path | None, typer.Option(help="Write it into this file. Default: standard output.")] = None,
    target: TargetOption = None,
    database: DatabaseOption = None,
    today: DayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the agenda of a quarterly review: what changed, what parted, what expires, what is to be decided.

    Example: plumbline definitions review --quarter 2026-Q3 --format md --out agenda.md
    """
    from plumbline.definitions.prover import require_z3
    from plumbline.definitions.reporting.agenda import agenda_object, make_agenda, render_agenda
    from plumbline.definitions.reviewing import quarter_of
    from plumbline.project.errors import NoVersionError

    require_z3()
    library = load()
    asked, day = quarter_of(quarter), day_of(today)
    try:
        with marts(target, database) as (connection, as_of_date):
            found = make_agenda(library, asked, day, (connection, as_of_date))
    except NoVersionError:
        if database is not None:
            raise
        found = make_agenda(library, asked, day, None)
    text = json.dumps(agenda_object(found), indent=2, default=str) if as_json else render_agenda(found, form)
    if out is None:
        typer.echo(text)
    else:
        typer.echo(f"{write_out(out, text)}: the agenda of {asked.name}.", err=as_json)
    if found.overdue:
        raise typer.Exit(1)


def _word(library: Library, term: str) -> Governed | GovernedMeasure:
    from plumbline.definitions.problems import nearest

    for word in library.words:
        if word.term.term == term:
            return word
    known = [word.term.term for word in library.words]
    raise typer.BadParameter(f"there is no term `{term}`. {nearest(term, known)}", param_hint="TERM")


def _counted(word: Governed | GovernedMeasure, target: str | None, database: Path | None) -> Any:
    """What the marts tell; nothing where none were published, and none were named."""
    from plumbline.definitions.reporting.packet import counted
    from plumbline.project.errors import NoVersionError

    try:
        with marts(target, database) as (connection, as_of_date):
            return counted(connection, word, as_of_date)
    except NoVersionError:
        if database is not None:
            raise
    return None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day; write YYYY-MM-DD", param_hint="--on") from None
