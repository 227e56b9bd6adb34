"""`init`: one exported filter becomes a team's variant, and its first disagreement is shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from plumbline.cli.definitions.shared import (
    DatabaseOption,
    JsonOption,
    TargetOption,
    TodayOption,
    day_of,
    load,
    load_variants,
    marts,
)

if TYPE_CHECKING:
    from plumbline.definitions.drafting.drafts import Draft
    from plumbline.definitions.drafting.exports import Tool
    from plumbline.definitions.library import Governed, Library
    from plumbline.definitions.reporting.records import Apart
    from plumbline.definitions.schemas import Criterion, Team
    from plumbline.definitions.variant_schemas import Variant

_PROPOSED, _LISTED = 5, 10


def init_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A Salesforce report's description, a Marketo smart list, or SQL.")
    ],
    team: Annotated[str, typer.Option(help="Whose it is: marketing, sales, customer_success or other.")],
    term: Annotated[str | None, typer.Option(help="The term that it is a version of. Default: the nearest.")] = None,
    tool: Annotated[str | None, typer.Option(help="marketo, salesforce or sql. Default: by the file's shape.")] = None,
    dialect: Annotated[str | None, typer.Option(help="The SQL dialect, by sqlglot's name.")] = None,
    field: Annotated[
        list[str] | None, typer.Option(metavar="NAME=COLUMN", help="Which column a field of the tool is; repeatable.")
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME:THEIRS=OURS", help="What a value of a --field is here; repeatable."),
    ] = None,
    count: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILTER=COLUMN",
            help="Which column counts what a filter on activities counts, with exactly its time frame and constraints; "
            "repeatable.",
        ),
    ] = None,
    implicit: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=SQL", help="What the tool applies without showing it; repeatable."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="What the variant is called. Default: <term>_<team>.")] = None,
    accept_until: Annotated[
        str | None, typer.Option(metavar="DAY", help="The teams have accepted the difference until then; needs --why.")
    ] = None,
    why: Annotated[str | None, typer.Option(help="Why the team means something else, in its words.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many records are shown.")] = 5,
    replace: Annotated[bool, typer.Option("--replace", help="Write over files that are there.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show all, write nothing.")] = False,
    target: TargetOption = None,
    database: DatabaseOption = None,
    today: TodayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Turn one exported report, smart list or SQL filter into a team's variant, and show where it disagrees first.

    How it relates to the shared version in force is proved; where marts are built, the first records on which the
    two differ are shown, by key, with what decides.

    \b
    plumbline definitions init hot_leads.json --team sales
    plumbline definitions init warm.sql --team sales --term engaged_account --dry-run
    plumbline definitions init list.json --team marketing --field 'Company Size=employee_count'
    plumbline definitions init list.json --team marketing --count 'Visited Web Page; in past 7 days=visits_7d'
    """
    from pydantic import ValidationError

    from plumbline.definitions.drafting.drafts import Wish, drafts
    from plumbline.definitions.drafting.exports import read_export
    from plumbline.definitions.drafting.fields import said_counts, said_fields
    from plumbline.definitions.drafting.files import write
    from plumbline.definitions.prover import require_z3

    require_z3()
    library = load()
    variants, semantics = load_variants(library, anew=file)
    terms = list(library.terms.values()) if term is None else [_term(library, term)]
    day = day_of(today)
    export = read_export(file, _tool(tool))
    fields = said_fields(field or [], value or [])
    wish = Wish(_team(team), fields, _conditions(implicit or []), dialect, day, said_counts(count or []))
    found = drafts(library, list(variants.values()), semantics, export, wish, terms, day)
    draft = _chosen(found, term)
    try:
        variant = _finished(library.root, draft, file, name, accept_until, why)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        raise typer.BadParameter(f"the variant cannot be written so: {detail['msg']}") from None
    measured, unmeasured = _measured(draft, variant, target, database, limit)
    if not as_json:
        _show(found, draft, variant, measured, unmeasured, term)
    written = [] if dry_run else write(library.root, variant, file, replace)
    if as_json:
        typer.echo(json.dumps(_object(found, draft, variant, measured, unmeasured, written), indent=2, default=str))
        return
    _show_next(variant, draft, written)


def _term(library: Library, term: str) -> Governed:
    from plumbline.definitions.problems import nearest
    from plumbline.definitions.proving.sides import NamingError

    if term in library.measures:
        raise NamingError(f"`{term}` is a number; a filter is a version of a word that is true or false.", "Name that.")
    if term not in library.terms:
        raise NamingError(f"There is no term `{term}`.", nearest(term, library.terms))
    return library.terms[term]


def _tool(tool: str | None) -> Tool | None:
    from plumbline.definitions.drafting.exports import KINDS

    for known in KINDS:
        if tool == known:
            return known
    if tool is not None:
        raise typer.BadParameter(f"{tool!r} is none of {', '.join(KINDS)}", param_hint="--tool")
    return None


def _team(team: str) -> Team:
    from typing import get_args

    from plumbline.definitions.schemas import Team

    for known in get_args(Team):
        if team == known:
            return known  # type: ignore[no-any-return]
    raise typer.BadParameter(f"{team!r} is none of {', '.join(get_args(Team))}", param_hint="--team")


def _conditions(implicit: list[str]) -> dict[str, Criterion]:
    """`NAME=SQL`, each a condition by itself."""
    from plumbline.definitions.conditions import ConditionError
    from plumbline.definitions.reading import parse
    from plumbline.definitions.schemas import Criterion

    found = {}
    for text in implicit:
        name, _, sql = text.partition("=")
        try:
            parse(sql)
        except ConditionError as error:
            raise typer.BadParameter(f"{text!r}: {error}", param_hint="--implicit") from None
        found[name.strip()] = Criterion(sql=sql.strip(), why="the tool applies it without showing it in the export")
    return found


def _chosen(found: list[Draft], term: str | None) -> Draft:
    from plumbline.definitions.drafting.drafts import chosen
    from plumbline.definitions.proving.sides import NamingError

    draft = found[0] if term is not None else chosen(found)
    if draft is None:
        near = "\n".join(f"  --term {item.variant.term}: {_how_near(item)}" for item in found[:_LISTED])
        raise NamingError("Which term this is a version of cannot be told; nothing was written.", f"Say it:\n{near}")
    return draft


def _how_near(draft: Draft) -> str:
    if draft.proof.verdict.verdict == "equivalent":
        return "equivalent"
    criteria = "1 criterion" if draft.apart == 1 else f"{draft.apart} criteria"
    return f"{draft.proof.verdict.verdict}, {criteria} apart"


def _finished(
    root: Path, draft: Draft, file: Path, name: str | None, accept_until: str | None, why: str | None
) -> Variant:
    """The variant as it is written. What nobody has accepted must match. Raises ValidationError."""
    from plumbline.definitions.drafting.drafts import placed
    from plumbline.definitions.drafting.files import home
    from plumbline.definitions.importing import source_hash

    verdict = draft.proof.verdict.verdict
    agreed: dict[str, Any] = {"why": why}
    if accept_until is not None:
        if verdict in ("equivalent", "unknown"):
            raise typer.BadParameter(f"there is no proved difference to accept: {verdict}", param_hint="--accept-until")
        agreed |= {"stance": "accepted_difference", "expect": verdict, "expires": accept_until}
    if name is not None:
        agreed["variant"] = name
    return placed(draft, home(root, file, draft.variant.team), source_hash(file), agreed)


def _measured(
    draft: Draft, variant: Variant, target: str | None, database: Path | None, limit: int
) -> tuple[Apart | None, str | None]:
    """How the two stand to each other on the records, or why that cannot be told."""
    from plumbline.definitions.reporting.measured import SHARED
    from plumbline.definitions.reporting.records import NoRecordsError, apart
    from plumbline.project.errors import NoVersionError

    proof = draft.proof
    sides = ((variant.variant, proof.said.criteria), (SHARED, proof.shared.criteria))
    try:
        with marts(target, database) as (connection, _):
            return apart(connection, draft.term.entity, *sides, limit), None
    except (NoVersionError, NoRecordsError) as error:
        if database is not None:
            raise
        what = error.what[0].upper() + error.what[1:]
        return None, f"No records are shown: {what.rstrip('.')}. {error.mending.rstrip('.')}."


def _show(
    found: list[Draft],
    draft: Draft,
    variant: Variant,
    measured: Apart | None,
    unmeasured: str | None,
    term: str | None,
) -> None:
    from rich.console import Group, RenderableType
    from rich.text import Text

    from plumbline.cli.definitions.shown import assumptions_shown, criteria_shown, sentence_of
    from plumbline.definitions.reporting.words import counterexample_sentence
    from plumbline.nightly.summary import show

    proof = draft.proof
    names = (variant.variant, proof.shared.label)
    parts: list[RenderableType] = []
    if term is None:
        near = "; ".join(f"{item.variant.term} ({_how_near(item)})" for item in found[:_PROPOSED])
        parts.append(Text(f"Nearest: {near}. Taken: {variant.term}; --term names another."))
    parts += [Text(line) for line in _read_as(variant)]
    parts.append(Text(sentence_of(proof.verdict, names), style="bold"))
    parts += [Text(counterexample_sentence(row, draft.term.entity, names)) for row in proof.verdict.counterexamples]
    parts.append(criteria_shown(proof))
    parts += assumptions_shown(proof.verdict.assumptions)
    parts += [Text(f"Not seen, so the import is partial: {note}") for note in proof.said.missing]
    show(Group(*parts))
    typer.echo()
    for line in [unmeasured] if measured is None else _told(draft, variant, measured):
        typer.echo(line)


def _read_as(variant: Variant) -> list[str]:
    """How the tool's fields were read, and what the tool is taken to apply without showing it."""
    fields = {**{name: mapped.column for name, mapped in variant.fields.items()}}
    fields |= {count.filter: count.column for count in variant.counts}
    lines = [f"Read as: {', '.join(f'{name} = {column}' for name, column in fields.items())}."] if fields else []
    return lines + [f"Applied unseen: {item.sql} ({item.why})." for item in variant.implicit.values()]


def _told(draft: Draft, variant: Variant, measured: Apart) -> list[str]:
    """The records as sentences."""
    from plumbline.definitions.reporting.measured import SHARED
    from plumbline.definitions.reporting.words import decided_sentence, money

    entity = draft.term.entity
    sides = {variant.variant: draft.proof.said.criteria, SHARED: draft.proof.shared.criteria}
    teams = {variant.variant: variant.team}
    if not measured.parted:
        return [f"On none of {measured.record_count:,} records do they part; both mean {measured.both:,}."]
    deals = f"{measured.disputed.count:,} open {'opportunity' if measured.disputed.count == 1 else 'opportunities'}"
    lines = [
        f"They part on {measured.parted:,} of {measured.record_count:,} records: {measured.only_first:,} only "
        f"{variant.variant} means, {measured.only_second:,} only {draft.proof.shared.label}; "
        f"both mean {measured.both:,}.",
        f"In dispute: {money(measured.disputed.amount, measured.currency)} on {deals}.",
        f"The first {len(measured.records)}:" if len(measured.records) > 1 else "The first:",
    ]
    lines += [f"  {decided_sentence(record, entity, sides, teams, measured.currency)}" for record in measured.records]
    return lines


def _show_next(variant: Variant, draft: Draft, written: list[str]) -> None:
    from plumbline.definitions.drafting.drafts import unsaid

    for note in unsaid(draft):
        typer.echo(f"Note: {note}")
    if not written:
        typer.echo("Nothing was written.")
        return
    typer.echo(f"Written: {', '.join(written)}")
    if variant.stance == "must_match" and draft.proof.verdict.verdict != "equivalent":
        typer.echo(
            "Nobody has agreed to the difference yet: `plumbline definitions prove` is red until the team changes its "
            "filter, or the teams accept it (--accept-until DAY --why …, with --replace)."
        )
    typer.echo(
        "`plumbline definitions build` takes it into the night. "
        f"Why one record is in or out: `plumbline definitions explain {variant.term} --record KEY`."
    )


def _object(
    found: list[Draft],
    draft: Draft,
    variant: Variant,
    measured: Apart | None,
    unmeasured: str | None,
    written: list[str],
) -> dict[str, Any]:
    from plumbline.definitions.drafting.drafts import unsaid
    from plumbline.definitions.proving.variants import proof_object
    from plumbline.definitions.reporting.records import apart_object

    told = {**proof_object(draft.proof), "variant": variant.variant, "stance": variant.stance, "expect": variant.expect}
    return {
        **{key: value for key, value in told.items() if key not in ("as_expected", "expires")},
        "partial": bool(draft.proof.said.missing),
        "unsaid": unsaid(draft),
        "source": variant.source.model_dump(mode="json"),
        "fields": {key: mapped.model_dump(mode="json", exclude_none=True) for key, mapped in variant.fields.items()},
        "nearest": [
            {"term": item.variant.term, "verdict": item.proof.verdict.verdict, "criteria_apart": item.apart}
            for item in found
        ],
        "records": None if measured is None else apart_object(measured),
        "no_records": unmeasured,
        "written": written,
    }
