"""Why one record is in or out: every version of a word, criterion by criterion, on the record's own values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from plumbline.definitions.conditions import columns, render
from plumbline.definitions.evaluation import evaluate, in_memory, typed_row
from plumbline.definitions.importing.result import Imported
from plumbline.definitions.importing.variants import GovernedVariant
from plumbline.definitions.library import Governed
from plumbline.definitions.reading import parse
from plumbline.definitions.reporting.relations import KEPT
from plumbline.project.errors import PlumblineError
from plumbline.project.exit_codes import ExitCode

# Which records a key, an id as people have it or a domain may mean.
_LOOKUP = {
    "opportunity": "select opportunity_key from fct_opportunities "
    "where cast(opportunity_key as varchar) = $1 or source_record_id = $1 or left(source_record_id, 15) = $1",
    "account": "select account_key from dim_accounts where cast(account_key as varchar) = $1 or domain = lower($1) "
    "union select account_key from map_accounts where source_record_id = $1 or left(source_record_id, 15) = $1",
    "person": "select person_key from dim_people where cast(person_key as varchar) = $1 "
    "union select person_key from map_people where source_record_id = $1 or left(source_record_id, 15) = $1",
}

# By what names the records of an entity are asked for.
_NAMES = {
    "opportunity": "select cast(opportunity_key as varchar) as name from fct_opportunities "
    "union all select source_record_id from fct_opportunities",
    "account": "select cast(account_key as varchar) as name from dim_accounts "
    "union all select source_record_id from map_accounts",
    "person": "select cast(person_key as varchar) as name from dim_people "
    "union all select source_record_id from map_people",
}
UNTOLD_MENDING = "Ask about the term that it comes from; what both conditions say stands on the page of each."
ENTITIES = tuple(KEPT)
"""The entities of which the marts hold records."""


class NoRecordError(PlumblineError):
    """There is no such record, or more than one."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True)
class SideAnswer:
    """What one side says of the record: `criteria` gives each condition with its SQL and its three-valued answer."""

    side: str
    team: str | None
    version: int | None
    answer: bool
    criteria: tuple[tuple[str, str, bool | None], ...]


@dataclass(frozen=True)
class Explanation:
    """A record's canonical values as far as any side looks at them, and what every side says."""

    term: str
    entity: str
    record_key: int
    values: Mapping[str, Any]
    sides: tuple[SideAnswer, ...]


def explain(
    governed: Governed,
    variants: list[tuple[GovernedVariant, Imported]],
    connection: duckdb.DuckDBPyConnection,
    record: str,
) -> Explanation:
    """Every version and team of one term on one record of the marts. Raises NoRecordError."""
    entity = governed.entity
    came = came_from(governed)
    if came is not None:
        raise NoRecordError(f"Nobody can tell of one record whether it is {governed.term.term}: {came}", UNTOLD_MENDING)
    if entity.entity not in KEPT:
        raise NoRecordError(
            f"`{governed.term.term}` is about {entity.entity}, of which there are no records in the marts.",
            f"Ask about a term of {', '.join(KEPT)}.",
        )
    key, values = _record(connection, entity.entity, record)
    sides: list[tuple[str, str | None, int | None, dict[str, str]]] = [
        (f"version {version.version}", None, version.version, {n: c.sql for n, c in version.criteria.items()})
        for version in governed.term.versions
    ]
    sides += [
        (found.variant.name, found.variant.team, None, {n: render(node) for n, node in imported.criteria.items()})
        for found, imported in variants
    ]
    looked_at = {column for *_, criteria in sides for sql in criteria.values() for column in columns(parse(sql))}
    seen = {name: values.get(name) for name in entity.columns if name in looked_at}
    with in_memory() as memory:
        row = typed_row(entity, seen)
        answers = []
        for name, team, number, criteria in sides:
            said = evaluate(memory, [render(parse(sql)) for sql in criteria.values()], row)
            told = tuple((part, sql, value) for (part, sql), value in zip(criteria.items(), said, strict=True))
            answers.append(SideAnswer(name, team, number, all(value is True for value in said), told))
    return Explanation(governed.term.term, entity.entity, key, seen, tuple(answers))


def came_from(governed: Governed) -> str | None:
    """Why a record's values alone do not decide a term: a version is reached only from another term; else None."""
    for version in governed.term.versions:
        if version.comes_from is not None:
            came = f"version {version.version} is reached only from {version.comes_from}"
            return f"{came}, which the record has to be before."
    return None


def matching(connection: duckdb.DuckDBPyConnection, entity: str, record: str) -> list[int]:
    """The keys of the records of an entity that a key, an id of a source or a domain may mean."""
    return sorted({row[0] for row in connection.execute(_LOOKUP[entity], [record]).fetchall()})


def nearest_keys(connection: duckdb.DuckDBPyConnection, entity: str, record: str) -> list[str]:
    """The keys and source ids of an entity that are spelled most like what was asked for."""
    rows = connection.execute(
        f"select name from ({_NAMES[entity]}) where name is not null group by name "
        "order by levenshtein(name, $1), name limit 3",
        [record],
    ).fetchall()
    return [str(row[0]) for row in rows]


def _record(connection: duckdb.DuckDBPyConnection, entity: str, record: str) -> tuple[int, dict[str, Any]]:
    kept = KEPT[entity]
    found = matching(connection, entity, record)
    if not found:
        near = ", ".join(nearest_keys(connection, entity, record))
        raise NoRecordError(
            f"There is no {entity} `{record}`.", f"Give its {kept.key} or its id in the CRM. Nearest: {near}."
        )
    if len(found) > 1:
        keys = ", ".join(str(number) for number in found[:5])
        raise NoRecordError(f"`{record}` is {len(found)} records.", f"Give its {kept.key}: {keys}.")
    cursor = connection.execute(f"select * from ({kept.today}) where {kept.key} = $1", found)
    names = [column[0] for column in cursor.description or []]
    row = cursor.fetchone()
    assert row is not None
    return found[0], dict(zip(names, row, strict=True))
