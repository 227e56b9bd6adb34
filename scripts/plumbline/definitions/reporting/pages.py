"""The pages: an index led by the money in dispute, and a page for each word; HTML or Markdown, each file by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import duckdb

from plumbline.definitions.conditions import render
from plumbline.definitions.importing import GovernedVariant, import_variant, load_variants
from plumbline.definitions.importing.result import Imported
from plumbline.definitions.library import Governed, GovernedMeasure, Library
from plumbline.definitions.reporting import words
from plumbline.definitions.reporting.measured import PRACTICE, SHARED, Headline, Measured, Parting, headline, measured
from plumbline.definitions.reporting.plain_words import condition_words
from plumbline.definitions.reporting.published import Published, published
from plumbline.definitions.reporting.templating import template
from plumbline.definitions.schemas import AnyVersion, Criterion, MeasureVersion, Version
from plumbline.definitions.semantics import load_semantics

INDEX = "definitions"
Format = Literal["html", "md"]
_NOT_SAME = {"stricter", "looser", "different", "missing", "unknown"}


@dataclass(frozen=True)
class TeamVersion:
    """A team's version of a word, with its proof, its records and what the team would change."""

    found: GovernedVariant
    imported: Imported
    proof: dict[str, Any]
    parting: Parting | None
    sentences: list[str]
    changes: list[str]
    months: list[dict[str, Any]]

    @property
    def standing(self) -> dict[str, dict[str, Any]]:
        """Each criterion of the shared version, as the team's version has it."""
        return {item["criterion"]: item for item in self.proof["criteria"]}


@dataclass(frozen=True)
class WordPage:
    """Everything about one word."""

    governed: Governed | GovernedMeasure
    version: AnyVersion
    criteria: dict[str, Criterion]
    teams: list[TeamVersion]
    between_teams: list[tuple[Parting, list[str]]]
    practised: list[tuple[Parting, list[str]]]
    measured: Measured
    published: list[tuple[str, Published]]

    @property
    def name(self) -> str:
        """The file's name, without its ending."""
        return page_name(self.governed.term.term)

    @property
    def unsigned(self) -> list[str]:
        """The teams whose agreement is missing."""
        return [words.plain(team) for team in self.governed.unsigned(self.version)]

    @property
    def standing(self) -> str:
        """Who has agreed to it, in a sentence."""
        waits = ", ".join(self.unsigned)
        match self.governed.standing(self.version):
            case "signed":
                return f"By {', '.join(words.plain(team) for team in self.governed.term.required_sign_offs)}."
            case "draft":
                return f"A draft: waits for {waits}."
            case _:
                return f"In part: waits for {waits}."

    @property
    def assumptions(self) -> list[str]:
        """What the proofs lean on, each once."""
        told = [part for team in self.teams for part in team.proof["assumptions"].split("; ") if part]
        return list(dict.fromkeys(told))


def page_name(term: str) -> str:
    """The name of a word's page, without its ending."""
    return f"term_{term}"


@dataclass(frozen=True)
class Rendered:
    """The pages by file name, and what leads them."""

    pages: dict[str, str]
    headline: Headline


def render_pages(
    library: Library, connection: duckdb.DuckDBPyConnection, as_of_date: date, kind: Format = "html"
) -> Rendered:
    """Every page as text. `connection`: where the marts can be read without a schema's name.

    Raises DefinitionsError when a variant cannot be imported, duckdb.Error when the marts are not there.
    """
    first, facts = headline(connection, as_of_date), measured(connection)
    pages = _pages(library, connection, first, facts, published(connection))
    shared: dict[str, Any] = {"headline": first, "words": words, "pages": pages, "ending": kind, "page_name": page_name}
    made = {f"{INDEX}.{kind}": template(f"index.{kind}.j2").render(**shared)}
    for page in pages:
        made[f"{page.name}.{kind}"] = template(f"term.{kind}.j2").render(**shared, page=page)
    return Rendered(made, first)


def _pages(
    library: Library,
    connection: duckdb.DuckDBPyConnection,
    first: Headline,
    facts: Mapping[str, Measured],
    figures: Mapping[str, Published],
) -> list[WordPage]:
    semantics = load_semantics(library.root)
    read = [(found, import_variant(found, semantics)) for found in load_variants(library).values()]
    proofs = _proofs(connection)
    pages = []
    for governed in library.words:
        version = governed.in_force(first.as_of_date)
        own = [item for item in read if item[0].variant.term == governed.term.term]
        known = facts.get(governed.term.term, Measured())
        teams = [
            _team(governed, version, found, imported, proofs[found.variant.variant, version.version], known, first)
            for found, imported in own
            if isinstance(governed, Governed) and isinstance(version, Version)
        ]
        told = [(parting, parting_sentences(governed, version, own, parting, first)) for parting in known.partings]
        between = [item for item in told if SHARED not in (item[0].first_side, item[0].second_side)]
        practised = [item for item in told if item[0].is_practised]
        metrics = governed.term.metrics if isinstance(governed, Governed) else {}
        numbers = [(metric.name, figures.get(name, Published())) for name, metric in metrics.items()]
        pages.append(WordPage(governed, version, criteria_of(version), teams, between, practised, known, numbers))
    return pages


def criteria_of(version: AnyVersion) -> dict[str, Criterion]:
    """The named conditions of a version; of a measure those that say which rows count."""
    if isinstance(version, MeasureVersion):
        return version.cohort
    assert isinstance(version, Version)
    return version.criteria


def _team(
    governed: Governed,
    version: Version,
    found: GovernedVariant,
    imported: Imported,
    proof: dict[str, Any],
    known: Measured,
    first: Headline,
) -> TeamVersion:
    name = found.variant.variant
    parting = next((item for item in known.partings if (item.first_side, item.second_side) == (SHARED, name)), None)
    own = [(found, imported)]
    months = known.months.get((SHARED, name), [])
    most = max((month.parted_count for month in months), default=0)
    in_tool = words.tool_labels(found.variant, governed.entity)
    return TeamVersion(
        found,
        imported,
        proof,
        parting,
        [] if parting is None else parting_sentences(governed, version, own, parting, first),
        words.change_sentences(
            found.variant,
            imported,
            proof["criteria"],
            {part: sql for part, sql in proof["added_criteria"].items() if part not in found.variant.implicit},
            {criterion: text.why for criterion, text in version.criteria.items()},
            lambda sql: condition_words(sql, in_tool),
        ),
        [{"month": month, "width": round(100 * month.parted_count / most) if most else 0} for month in months],
    )


def parting_sentences(
    governed: Governed | GovernedMeasure,
    version: AnyVersion,
    own: list[tuple[GovernedVariant, Imported]],
    parting: Parting,
    first: Headline,
) -> list[str]:
    """The records that are shown of a parting, a sentence each."""
    sides: dict[str, Mapping[str, str]] = {SHARED: {name: item.sql for name, item in criteria_of(version).items()}}
    teams = {PRACTICE: "sales"}
    for found, imported in own:
        sides[found.variant.variant] = {name: render(node) for name, node in imported.criteria.items()}
        teams[found.variant.variant] = found.variant.team
    return [words.record_sentence(record, governed.entity, sides, teams, first.currency) for record in parting.records]


def _proofs(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, int], dict[str, Any]]:
    cursor = connection.execute("select * from fct_definition_verdicts")
    names = [column[0] for column in cursor.description or []]
    found = {}
    for row in cursor.fetchall():
        proof = dict(zip(names, row, strict=True))
        for key, empty in (("counterexamples", []), ("criteria", []), ("added_criteria", {})):
            proof[key] = json.loads(proof[key]) if proof[key] else empty
        for key in ("assumptions", "not_seen", "reason"):
            proof[key] = proof[key] or ""
        found[proof["variant"], proof["version"]] = proof
    return found
