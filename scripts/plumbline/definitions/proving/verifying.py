"""Columns of compiled models against the definitions that govern them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from plumbline.definitions.evaluation import evaluate, in_memory, typed_row
from plumbline.definitions.library import Governed, Library
from plumbline.definitions.problems import Problem
from plumbline.definitions.prover import Prover, Verdict
from plumbline.definitions.proving.lineage import Models, Origin, Traced, UntraceableError, trace
from plumbline.definitions.proving.objects import verdict_object
from plumbline.definitions.proving.sides import of_version
from plumbline.definitions.schemas import ColumnType, Drives, Entity, EntityColumn, Version

State = Literal["proved", "differs", "not provable"]


@dataclass(frozen=True)
class Verified:
    """A column of a model that says what a term says: whether that is proved.

    `declared`: it stands under `drives:` of the term; else it only bears the term's name.
    """

    term: str
    version: str
    model: str
    column: str
    declared: bool
    state: State
    entity: Entity
    verdict: Verdict | None = None
    traced: str | None = None
    reason: str | None = None
    notes: tuple[str, ...] = ()


def verify(library: Library, manifest: Mapping[str, Any]) -> list[Verified]:
    """Every column that a term drives, and every column of a public model that is called like a term's macro."""
    models = Models(manifest)
    found = []
    for governed in library.terms.values():
        for drives, declared in _columns(governed, models):
            found.append(_verified(governed, drives, declared, models))
    return found


def _columns(governed: Governed, models: Models) -> Iterator[tuple[Drives, bool]]:
    driven = [(drives.model, drives.column) for drives in governed.term.drives]
    yield from ((drives, True) for drives in governed.term.drives)
    for name, node in sorted(models.nodes.items()):
        named = governed.term.macro in {column.lower() for column in node["columns"]}
        if named and node.get("access") == "public" and (name, governed.term.macro) not in driven:
            yield Drives(model=name, column=governed.term.macro), False


def _verified(governed: Governed, drives: Drives, declared: bool, models: Models) -> Verified:
    entity, definition, version = _definition(governed, drives, models)
    found = Verified(governed.term.term, version, drives.model, drives.column, declared, "not provable", entity)
    if drives.model not in models.nodes:
        return _with(found, reason=f"there is no model `{drives.model}`")
    try:
        traced = trace(models, governed.entity, drives.model, drives.column, drives.as_of)
    except UntraceableError as error:
        return _with(found, reason=str(error))
    except RecursionError:
        return _with(found, reason=f"the SQL of `{drives.model}` is nested too deeply, or in a circle")
    found = _with(found, traced=traced.sql)
    twice = two_rows(traced.origins)
    if twice is not None:
        return _with(found, reason=f"it looks at two rows of `{twice}`")
    return _proved(found, traced, definition, models.dialect)


def two_rows(origins: frozenset[Origin]) -> str | None:
    """A supplier of which more than one row is looked at."""
    models = [origin.model for origin in origins]
    return next((model for model in sorted(models) if models.count(model) > 1), None)


def _with(found: Verified, **changes: Any) -> Verified:
    return Verified(**{**found.__dict__, **changes})


def _definition(governed: Governed, drives: Drives, models: Models) -> tuple[Entity, str, str]:
    """The entity, the condition that the column has to be, and how people call its version."""
    term = governed.term
    newest = of_version(governed, governed.newest)
    if drives.as_of is None:
        return governed.entity, newest.sql, newest.label
    entity = governed.entity
    if drives.as_of not in entity.columns:
        declared = _as_of_column(models.nodes.get(drives.model, {}), drives.as_of)
        entity = entity.model_copy(update={"columns": {**entity.columns, drives.as_of: declared}})
    return entity, _dated(governed, drives.as_of), f"{term.term} as of {drives.as_of}"


def _as_of_column(node: Mapping[str, Any], name: str) -> EntityColumn:
    declared = str(node.get("columns", {}).get(name, {}).get("data_type") or "date").lower()
    kind: ColumnType = "timestamp" if declared.startswith("timestamp") else "date"
    return EntityColumn(
        label=name, description="The day that chooses the version.", type=kind, typical=date(2026, 6, 1)
    )


def _dated(governed: Governed, as_of: str) -> str:
    """The version in force on the day, as the generated macro chooses it; an unknown day takes the newest."""
    versions: list[Version] = governed.term.versions
    conditions = [of_version(governed, version).sql for version in versions]
    day = f"CAST({as_of} AS DATE)"
    branches = [
        f"WHEN {day} < CAST('{following.effective_from}' AS DATE) THEN COALESCE({condition}, FALSE)"
        for condition, following in zip(conditions[:-1], versions[1:], strict=True)
    ]
    if not branches:
        return conditions[-1]
    return f"CASE {' '.join(branches)} ELSE COALESCE({conditions[-1]}, FALSE) END"


def _proved(found: Verified, traced: Traced, definition: str, dialect: str) -> Verified:
    with Prover(bare(found.entity)) as prover:
        # What holds whatever the facts holds on rows that an outer join left empty, too.
        anyway = prover.compare(traced.sql, definition, dialect, "duckdb")
    if anyway.verdict == "equivalent":
        return _with(found, state="proved", verdict=anyway, notes=_notes(traced.origins))
    with Prover(found.entity) as prover:
        verdict = prover.compare(traced.sql, definition, dialect, "duckdb")
    if verdict.verdict == "unknown":
        return _with(found, verdict=verdict, reason=verdict.reason)
    if verdict.verdict != "equivalent":
        return _with(found, state="differs", verdict=verdict, notes=_notes(traced.origins))
    doubt = _doubt(found.entity, traced, definition, dialect)
    if doubt is not None:
        return _with(found, reason=doubt)
    return _with(found, state="proved", verdict=verdict, notes=_notes(traced.origins))


def bare(entity: Entity) -> Entity:
    """The entity without anything that is declared of its rows."""
    nothing = {"not_null": False, "accepted_values": None, "min": None, "max": None}
    columns = {name: column.model_copy(update=nothing) for name, column in entity.columns.items()}
    return entity.model_copy(update={"columns": columns, "facts": {}})


def _doubt(entity: Entity, traced: Traced, definition: str, dialect: str) -> str | None:
    """Why facts about the entity's rows may not be used here, if so."""
    suppliers = ", ".join(sorted(f"`{origin.model}`" for origin in traced.origins))
    if len(traced.origins) > 1:
        return f"it is equal only by facts about one row, but the columns are of several: {suppliers}"
    if any(origin.optional for origin in traced.origins) and dialect == "duckdb":
        with in_memory() as connection:
            said = evaluate(connection, [traced.sql, definition], typed_row(entity, {}))
        if (said[0] is True) is (said[1] is True):
            return None
    if any(origin.optional for origin in traced.origins):
        return f"it is equal only by facts about rows of {suppliers}, and an outer join may find none"
    return None


def _notes(origins: frozenset[Origin]) -> tuple[str, ...]:
    if len(origins) <= 1:
        return ()
    suppliers = " and ".join(sorted(f"`{origin.model}` ({'.'.join(origin.path)})" for origin in origins))
    return (f"the rows of {suppliers} are joined rightly",)


def verified_problems(library: Library, found: list[Verified]) -> list[Problem]:
    """Findings: driven columns that are not proved, and columns that bear a term's name and say something else."""
    problems = []
    for item in found:
        if item.state == "proved" or (item.state == "not provable" and not item.declared):
            continue
        governed = library.terms[item.term]
        line = governed.document.line(("drives",) if item.declared else ("term",))
        about = f"`{item.column}` of {item.model}"
        if item.state == "differs":
            assert item.verdict is not None
            message = f"{about} is not {item.version}: it is {item.verdict.verdict}."
            mending = f"Call the macro: {{{{ {governed.term.macro}('…') }}}}; or give the column another name."
        else:
            message = f"That {about} is {item.version} cannot be proved: {item.reason}."
            mending = "Call the macro on a relation of a supplier, or declare the model under `supplied_by`."
        code = "not-verified" if item.declared else "named-like-a-term"
        problems.append(Problem(governed.document.path, line, code, message, mending))
    return sorted(problems)


def verified_object(item: Verified) -> dict[str, Any]:
    """A verified column for machines."""
    verdict = {"verdict": None} if item.verdict is None else verdict_object(item.verdict)
    return {
        "term": item.term,
        "version": item.version,
        "model": item.model,
        "column": item.column,
        "declared": item.declared,
        "state": item.state,
        "reason": item.reason,
        "traced": item.traced,
        "notes": list(item.notes),
        "relation": verdict,
    }
