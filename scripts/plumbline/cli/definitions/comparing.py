"""`compare` and `prove`: how definitions relate, proved."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from plumbline.cli.definitions.shared import JsonOption, TodayOption, day_of, load, load_variants, show_problems

if TYPE_CHECKING:
    from plumbline.definitions.proving.sides import Side
    from plumbline.definitions.proving.variants import Proof


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
    """Prove how A relates to B, with a row for each way in which they differ.

    \b
    plumbline definitions compare mql mql_marketing
    plumbline definitions compare open "stage_category = 'open'" --entity opportunity
    """
    from plumbline.definitions.prover import require_z3
    from plumbline.definitions.proving.sides import NamingError, Sides, typed_in

    require_z3()
    library = load()
    variants, semantics = load_variants(library)
    sides = Sides(library, variants, semantics, day_of(today))
    about = None if entity is None else sides.entity(entity)
    dialects = (dialect, dialect_of_b or dialect)
    if measure:
        if about is None:
            raise NamingError("Numbers in SQL need the entity that they speak of.", "Add --entity.")
        pair = (typed_in(first, about, dialects[0], number=True), typed_in(second, about, dialects[1], number=True))
    else:
        pair = (sides.side(first, about, dialects[0]), sides.side(second, about, dialects[1]))
    if pair[0].entity != pair[1].entity:
        raise NamingError(
            f"`{pair[0].label}` is about {pair[0].entity.entity}, `{pair[1].label}` about {pair[1].entity.entity}.",
            "Compare two conditions on one entity.",
        )
    _tell(pair, as_json)


def _tell(pair: tuple[Side, Side], as_json: bool) -> None:
    from rich.console import Group

    from plumbline.cli.definitions.shown import truth_shown, verdict_shown
    from plumbline.definitions.prover import Prover
    from plumbline.definitions.proving.objects import truth_object, verdict_object
    from plumbline.definitions.proving.sides import numbers_compared
    from plumbline.nightly.summary import show

    first, second = pair
    names = (first.label, second.label)
    with Prover(first.entity) as prover:
        if first.numbers or second.numbers:
            truth = numbers_compared(prover, first, second)
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


def prove_command(
    term: Annotated[str | None, typer.Argument(help="The variants of this term only. Default: of all terms.")] = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove how every variant relates to the shared version in force, with a row, and criterion by criterion.

    \b
    plumbline definitions prove
    plumbline definitions prove pipeline --json
    """
    from plumbline.definitions.problems import nearest
    from plumbline.definitions.prover import require_z3
    from plumbline.definitions.proving.sides import NamingError
    from plumbline.definitions.proving.variants import proof_object, prove_variants

    require_z3()
    library = load()
    variants, semantics = load_variants(library)
    if term is not None and term not in library.terms:
        raise NamingError(f"There is no term `{term}`.", nearest(term, library.terms))
    wanted = [found for found in variants.values() if term in (None, found.variant.term)]
    proofs = prove_variants(wanted, semantics, day_of(today))
    problems = sorted(problem for proof in proofs for problem in proof.problems)
    if as_json:
        found = {"proofs": [proof_object(proof) for proof in proofs], "problems": [asdict(item) for item in problems]}
        typer.echo(json.dumps(found, indent=2))
    else:
        _show_proofs(proofs, term)
        show_problems(problems, as_json)
    if problems:
        raise typer.Exit(1)


def _show_proofs(proofs: list[Proof], term: str | None) -> None:
    from rich.console import Group

    from plumbline.cli.definitions.shown import proof_shown
    from plumbline.nightly.summary import show

    if not proofs:
        about = "" if term is None else f" of {term}"
        typer.echo(f"There are no variants{about} in definitions/variants.")
        return
    for proof in proofs:
        show(Group(*proof_shown(proof)))
        typer.echo()
    expected = sum(1 for proof in proofs if proof.as_expected)
    typer.echo(f"{len(proofs)} variants, {expected} as expected.")
