"""Everything that a dispute about one record rests on, as one file: sources, states, verdicts, run and hashes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Literal

import duckdb

from plumbline.definitions.conditions import columns, render
from plumbline.definitions.evaluation import evaluate, in_memory, typed_row
from plumbline.definitions.importing.result import Imported
from plumbline.definitions.importing.variants import GovernedVariant
from plumbline.definitions.library import Governed, Library
from plumbline.definitions.problems import nearest
from plumbline.definitions.reading import parse
from plumbline.definitions.reporting.explaining import (
    ENTITIES,
    Explanation,
    NoRecordError,
    came_from,
    explain,
    matching,
    nearest_keys,
)
from plumbline.definitions.reporting.relations import KEPT
from plumbline.definitions.reporting.templating import template

ReadVariant = tuple[GovernedVariant, Imported]
Form = Literal["html", "md", "json"]

# Where each entity's records come from: the rows of source systems, by their ids.
_SOURCES = {
    "opportunity": "select source_system, source_instance, 'opportunity' as source_object, source_record_id "
    "from fct_opportunities where opportunity_key = $1",
    "account": "select source_system, source_instance, source_object, source_record_id, evidence "
    "from map_accounts where account_key = $1 order by all",
    "person": "select source_system, source_instance, source_object, source_record_id, evidence "
    "from map_people where person_key = $1 order by all",
}
_DISAGREEMENTS = """
    select term, version, basis, first_side, second_side, yes_side, no_side, unmet_criteria,
        open_opportunity_count, open_corporate_amount, entity, record_key
    from fct_definition_disagreements
    where {where}
    order by entity, record_key, term, first_side, second_side, basis
"""
# An opportunity is in dispute where its primary contact is, too.
_WHERE = {
    "opportunity": "(entity = 'opportunity' and record_key = $1) or (entity = 'person' and basis = 'stated' and "
    "record_key in (select person_key from bridge_opportunity_people where opportunity_key = $1 and is_primary))",
    "account": "entity = 'account' and record_key = $1",
    "person": "entity = 'person' and record_key = $1",
}


def collect(
    library: Library,
    variants: Sequence[ReadVariant],
    connection: duckdb.DuckDBPyConnection,
    record: str,
    term: str | None,
) -> dict[str, Any]:
    """What is known of one record and of every word about it. Raises NoRecordError.

    Nothing of the record is told but its keys and the canonical columns that some side looks at.
    """
    entity, key = _found(library, connection, record, term)
    about = [
        governed
        for governed in library.terms.values()
        if governed.entity.entity == entity and term in (None, governed.term.term)
    ]
    terms = [governed for governed in about if term is not None or came_from(governed) is None]
    told = []
    judged = _judged(connection)
    values: dict[str, Any] = {}
    for governed in terms:
        own = [item for item in variants if item[0].variant.term == governed.term.term]
        found = explain(governed, own, connection, str(key))
        values.update(found.values)
        told.append(_word(governed, own, found, judged))
    labels = library.entities[entity].columns
    currency = connection.execute("select max(corporate_currency_code) from fct_opportunities").fetchone()
    return {
        "entity": entity,
        "currency": None if currency is None else currency[0],
        "record_key": str(key),
        "sources": _rows(connection, _SOURCES[entity], key),
        "values": {name: values[name] for name in labels if name in values},
        "labels": {name: labels[name].label for name in labels if name in values},
        "terms": told,
        "not_judged": {item.term.name: came_from(item) for item in about if item not in terms},
        "disagreements": [
            row
            for row in _rows(connection, _DISAGREEMENTS.format(where=_WHERE[entity]), key)
            if term in (None, row["term"])
        ],
        "states": _states(connection, entity, key, terms, list(values)),
    }


def _found(library: Library, connection: duckdb.DuckDBPyConnection, record: str, term: str | None) -> tuple[str, int]:
    """The entity and the key of the one record that is meant."""
    if term is not None and term not in library.terms:
        raise NoRecordError(f"There is no term `{term}`.", nearest(term, library.terms))
    asked = ENTITIES if term is None else (library.terms[term].entity.entity,)
    if asked[0] not in ENTITIES:
        raise NoRecordError(f"The marts hold no records of {asked[0]}.", f"Ask about a term of {', '.join(ENTITIES)}.")
    found = [(entity, key) for entity in asked for key in matching(connection, entity, record)]
    if len(found) == 1:
        return found[0]
    if found:
        keys = ", ".join(f"{entity} {key}" for entity, key in found[:5])
        raise NoRecordError(f"`{record}` is {len(found)} records.", f"Give the key of one: {keys}.")
    near = "\n".join(f"{entity}: {', '.join(nearest_keys(connection, entity, record))}" for entity in asked)
    raise NoRecordError(f"There is no record `{record}`.", f"The nearest keys and ids:\n{near}")


def _judged(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, int], str]:
    """The meaning of each version of each word by which the marts were built."""
    rows = connection.execute("select term, version, meaning from dim_definitions").fetchall()
    return {(term, version): meaning for term, version, meaning in rows}


def _word(
    governed: Governed, own: Sequence[ReadVariant], found: Explanation, judged: Mapping[tuple[str, int], str]
) -> dict[str, Any]:
    """One word: what every version and team says of the record today, and what of it is on record.

    A version that `is_as_judged` means what it meant when the marts were built, and with them the disagreements.
    """
    meanings = {
        version.version: {
            "effective_from": version.effective_from.isoformat(),
            "meaning": governed.meaning(version),
            "signed_by": sorted(sign_off.team for sign_off in governed.valid_sign_offs(version)),
            "is_as_judged": judged.get((governed.term.term, version.version)) in governed.meanings(version),
        }
        for version in governed.term.versions
    }
    sources = {item.variant.name: item.variant for item, _ in own}
    sides = []
    for side in found.sides:
        told = asdict(side)
        told["criteria"] = [{"name": name, "sql": sql, "met": met} for name, sql, met in side.criteria]
        if side.version is not None:
            told |= meanings[side.version]
        elif side.side in sources:
            source = sources[side.side].source
            told |= {"source_file": source.file, "source_hash": source.hash, "source_read": source.read.isoformat()}
        sides.append(told)
    return {"term": governed.term.term, "name": governed.term.name, "sides": sides}


def _states(
    connection: duckdb.DuckDBPyConnection, entity: str, key: int, terms: Sequence[Governed], wanted: Sequence[str]
) -> list[dict[str, Any]]:
    """The states that the record was in, each with what the version of every word in force then said of it."""
    past = KEPT[entity].past
    if past is None:
        return []
    cursor = connection.execute(
        f"select * from ({past}) where {KEPT[entity].key} = $1 order by valid_from_at, version_number", [key]
    )
    names = [column[0] for column in cursor.description or []]
    kept = [name for name in wanted if name in names]
    states = []
    with in_memory() as memory:
        for row in cursor.fetchall():
            state = dict(zip(names, row, strict=True))
            answers = {
                governed.term.term: _answer(memory, governed, state)
                for governed in terms
                if set(governed.columns) <= set(names)
            }
            states.append(
                {
                    "version_number": state["version_number"],
                    "valid_from_at": state["valid_from_at"],
                    "valid_to_at": state["valid_to_at"],
                    "evidence": state["evidence"],
                    "values": {name: state[name] for name in kept},
                    "answers": answers,
                }
            )
    return states


def _answer(memory: duckdb.DuckDBPyConnection, governed: Governed, state: Mapping[str, Any]) -> dict[str, Any]:
    """What the version in force when the state began says of it; nothing, where nobody knows the state."""
    version = governed.in_force(state["valid_from_at"].date())
    if state["evidence"] == "unknown":
        return {"version": version.version, "answer": None, "unmet": []}
    criteria = {name: parse(criterion.sql) for name, criterion in version.criteria.items()}
    looked_at = {column for node in criteria.values() for column in columns(node)}
    row = typed_row(governed.entity, {name: state[name] for name in looked_at})
    said = evaluate(memory, [render(node) for node in criteria.values()], row)
    unmet = [name for name, value in zip(criteria, said, strict=True) if value is not True]
    return {"version": version.version, "answer": not unmet, "unmet": unmet}


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, key: int) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, [key])
    names = [column[0] for column in cursor.description or []]
    found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    # keys are 64 bits: JavaScript reads them as texts only
    return [{**row, **({"record_key": str(row["record_key"])} if "record_key" in row else {})} for row in found]


def written(found: Mapping[str, Any], form: Form) -> str:
    """The evidence as one file that needs nothing else."""
    if form == "json":
        return json.dumps(found, indent=2, ensure_ascii=False, default=_text) + "\n"
    return template(f"evidence.{form}.j2").render(found=found)


def _text(value: Any) -> str:
    """Days, moments and money in JSON."""
    return value.isoformat() if isinstance(value, date) else str(value)
