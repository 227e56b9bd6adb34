"""`evidence`: one file about one record, for a dispute."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from plumbline.cli.definitions.shared import (
    DatabaseOption,
    JsonOption,
    Marts,
    TargetOption,
    load,
    load_variants,
    open_marts,
    write_out,
)

if TYPE_CHECKING:
    from plumbline.definitions.reporting.evidence import Form

_OF_RUN = (
    "run_id", "git_commit", "git_has_changes", "started_at", "finished_at", "plumbline_version", "database_sha256",
    "schema_version",
)  # fmt: skip


def evidence_command(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="The record: its key, a source's id, or a domain.")],
    term: Annotated[str | None, typer.Option(help="Only this term. Default: every term about such records.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to write: .html, .md or .json. Default: Markdown on standard output.")
    ] = None,
    target: TargetOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Gather what a dispute about one record rests on, in one file.

    The source rows that it came from (ids only), the columns that decide, what every version and team says criterion
    by criterion, on what they part, every state that it was in with what the version in force then said, and the run,
    commit and hashes of the published version. No names, addresses or texts of people.

    \b
    plumbline definitions evidence 0065g000001A00TAAS --out dispute.html
    plumbline definitions evidence acme.example --term active_customer
    """
    from plumbline.definitions.importing import import_variant
    from plumbline.definitions.reporting.evidence import collect, written

    form = "json" if as_json else _form(out)
    library = load()
    variants, semantics = load_variants(library)
    read = [(found, import_variant(found, semantics)) for found in variants.values()]
    with open_marts(target, database) as opened:
        found = {"run": _run(opened, database), **collect(library, read, opened.connection, record, term)}
    text = written(found, form)
    if out is None:
        typer.echo(text, nl=False)
        return
    typer.echo(f"Written: {write_out(out, text)}", err=as_json)


def _form(out: Path | None) -> Form:
    from plumbline.definitions.reporting.evidence import Form

    if out is None:
        return "md"
    for form in get_args(Form):
        if out.suffix.lower() == f".{form}":
            return form  # type: ignore[no-any-return]
    raise typer.BadParameter(f"{out.name} ends with none of .html, .md and .json", param_hint="--out")


def _run(opened: Marts, database: Path | None) -> dict[str, Any]:
    """Which run the marts are of, and the hashes that prove them whole."""
    told: dict[str, Any] = {"as_of_date": opened.as_of_date.isoformat()}
    manifest = opened.manifest
    if manifest is None:
        return {**told, "run_id": None, "database": "" if database is None else database.name}
    told |= {name: getattr(manifest, name) for name in _OF_RUN}
    return {**told, "tables": {name: table.content_hash for name, table in manifest.marts.items()}}
