"""`compare` and `prove`: how definitions relate, proved."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from plumbline.cli.definitions.shared import day_of, load, load_variants, show_problems

if TYPE_CHECKING:
    from plumbline.definitions.proving.sides import Side

TodayOption = Annotated[
    str | None, typer.Option(help="The day (YYYY-MM-DD) whose versions are meant. Default: today, UTC.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object.")]


def compare_command(
    first: Annotated[str, typer.Argument(metavar="A", help="A term, `term@2`, a variant, or SQL (with --entity).")],
    second: Annotated[str, typer.Argument(metavar="B", help="The other one.")],
    entity: Annotated[str | None, typer.Option(help="The entity that typed-in SQL speaks of.")] = None,
    dialect: Annotated[str, typer.Option(help="The dialect of A, and of B unless --dialect-of-b is given.")] = "duckdb",
    dialect_of_b: Annotated[str | None, typer.Option(help="The dialect of B.")] = None,
    measure: Annotated[bool, typer.Option("--measure", help="A and B are numbers of a row, in SQL.")] = False,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove how A relates to B, with a row for each way in which they differ. Whatever the verdict, it ends with 0."""
    from plumbline.definitions.problems import DefinitionsError
    from plumbline.definitions.prover import require_z3
    from plumbline.definitions.proving.sides import NamingError, Sides, typed_in

    require_z3()
    library = load(as_json)
    variants, semantics = load_variants(library, as_json)
    sides = Sides(library, variants, semantics, day_of(today))
    about = None if entity is None else sides.entity(entity)
    dialects = (dialect, dialect_of_b or dialect)
    try:
        if measure:
            if about is None:
                raise NamingError("Numbers in SQL need the entity that they speak of.", "Add --entity.")
            pair = (typed_in(first, about, dialects[0], number=True), typed_in(second, about, dialects[1], number=True))
        else:
            pair = (sides.side(first, about, dialects[0]), sides.side(second, about, dialects[1]))
    except DefinitionsError as error:
        show_problems(list(error.problems), as_json)
        raise typer.Exit(1) from None
    if pair[0].entity != pair[1].entity:
        raise NamingError(
            f"`{pair[0].label}` is about {pair[0].entity.entity}, `{pair[1].label}` about {pair[1].entity.entity}.",
            "Compare two conditions on one entity.",
        )
    _tell(pair, measure, as_json)


def _tell(pair: tuple[Side, Side], measure: bool, as_json: bool) -> None:
    from rich.console import Group

    from plumbline.cli.definitions.shown import truth_shown, verdict_shown
    from plumbline.definitions.prover import Prover
    from plumbline.definitions.proving.objects import truth_object, verdict_object
    from plumbline.nightly.summary import show

    first, second = pair
    names = (first.label, second.label)
    with Prover(first.entity) as prover:
        if measure:
            truth = prover.measures(first.sql, second.sql, first.dialect)
            found, shown = truth_object(truth), truth_shown(truth, first.entity, names)
        else:
            verdict = prover.compare(first.sql, second.sql, first.dialect, second.dialect)
            found, shown = verdict_object(verdict), verdict_shown(verdict, first.entity, names)
    missing = {side.label: list(side.missing) for side in pair if side.missing}
    if as_json:
        about = {"entity": first.entity.entity, "first": first.label, "second": second.label}
        typer.echo(json.dumps({**about, **found, "not_seen": missing}, indent=2))
        return
    show(Group(*shown))
    for label, notes in missing.items():
        for note in notes:
            typer.echo(f"Not seen of {label}: {note}")
