"""What can be compared: a version of a term, a team's variant, or SQL that somebody typed in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import duckdb
import sqlglot
from sqlglot.errors import SqlglotError

from plumbline.definitions.conditions import render
from plumbline.definitions.evaluation import DUCKDB_TYPES, in_memory
from plumbline.definitions.importing import GovernedVariant, import_variant
from plumbline.definitions.library import Governed, GovernedMeasure, Library
from plumbline.definitions.problems import nearest
from plumbline.definitions.prover import Prover, Truth
from plumbline.definitions.prover.reading import Reading, SlipError, UnreadableError, read_condition, read_number
from plumbline.definitions.schemas import Entity, MeasureVersion, Version
from plumbline.definitions.semantics_schemas import Semantics
from plumbline.project.errors import PlumblineError
from plumbline.project.exit_codes import ExitCode

_NAME = re.compile(r"(?P<kind>variant:|term:)?(?P<name>[a-z][a-z0-9_]*)(@(?P<version>[0-9]{1,6}))?")


class NamingError(PlumblineError):
    """What was to be compared is not there, or cannot be read as it was typed."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True)
class Side:
    """A condition on one row of an entity, with the words by which people know it.

    `criteria` are its parts, all of which have to hold; `missing` is what an import could not see. A measure has
    `numbers` instead of a condition: what a row adds to each, by name.
    """

    label: str
    entity: Entity
    sql: str
    criteria: Mapping[str, str] = field(default_factory=dict)
    dialect: str = "duckdb"
    missing: tuple[str, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)


def of_measure(measured: GovernedMeasure, version: MeasureVersion) -> Side:
    """One version of a measure."""
    cohort = joined({name: criterion.sql for name, criterion in version.cohort.items()})
    numbers = {"numerator": f"CASE WHEN {cohort} THEN {version.numerator.sql} END"}
    if version.denominator is not None:
        numbers["denominator"] = f"CASE WHEN {cohort} THEN {version.denominator.sql} END"
    return Side(f"{measured.term.term}@{version.version}", measured.entity, "", numbers=numbers)


def of_version(governed: Governed, version: Version) -> Side:
    """One version of a term."""
    criteria = {name: criterion.sql for name, criterion in version.criteria.items()}
    return Side(f"{governed.term.term}@{version.version}", governed.entity, joined(criteria), criteria)


def of_variant(found: GovernedVariant, semantics: dict[str, Semantics]) -> Side:
    """What a team's tool says, in the entity's words. Raises DefinitionsError when it cannot be imported."""
    read = import_variant(found, semantics)
    criteria = {name: render(node) for name, node in read.criteria.items()}
    return Side(found.variant.variant, found.governed.entity, read.sql, criteria, missing=read.missing)


def joined(criteria: Mapping[str, str]) -> str:
    """Criteria as one condition."""
    parts = list(criteria.values())
    return parts[0] if len(parts) == 1 else " AND ".join(f"({part})" for part in parts)


class Sides:
    """Finds what people name: `term`, `term@2`, a variant, or SQL over an entity."""

    def __init__(
        self,
        library: Library,
        variants: Mapping[str, GovernedVariant],
        semantics: dict[str, Semantics],
        today: date,
    ) -> None:
        self.library, self.variants, self.semantics, self.today = library, variants, semantics, today

    def entity(self, name: str) -> Entity:
        """An entity by its name. Raises NamingError."""
        found = self.library.entities.get(name)
        if found is None:
            raise NamingError(f"There is no entity `{name}`.", nearest(name, self.library.entities))
        return found

    def named(self, text: str) -> Side | None:
        """The term, version or variant that a text names, if it does. Raises NamingError for a version that is not."""
        match = _NAME.fullmatch(text.strip())
        if match is None:
            return None
        kind, name, version = match["kind"], match["name"], match["version"]
        if kind != "variant:" and name in self.library.terms:
            governed = self.library.terms[name]
            return of_version(governed, governed.term.versions[self._place(governed, version)])
        if kind != "variant:" and name in self.library.measures:
            measured = self.library.measures[name]
            return of_measure(measured, measured.term.versions[self._place(measured, version)])
        if kind != "term:" and version is None and name in self.variants:
            return of_variant(self.variants[name], self.semantics)
        return None

    def _place(self, governed: Governed | GovernedMeasure, number: str | None) -> int:
        """The place of a version among the versions; of the one in force, without a number."""
        wanted = governed.in_force(self.today).version if number is None else int(number)
        for place, version in enumerate(governed.term.versions):
            if version.version == wanted:
                return place
        last = governed.newest.version
        raise NamingError(
            f"`{governed.term.term}` has no version {wanted}.",
            "It has version 1 only." if last == 1 else f"It has versions 1 to {last}.",
        )

    def side(self, text: str, entity: Entity | None, dialect: str = "duckdb") -> Side:
        """What a text names, else the condition that it is. Raises NamingError, and DefinitionsError of an import."""
        found = self.named(text)
        if found is not None:
            return found
        if entity is None:
            known = [*self.library.terms, *self.library.measures, *self.variants]
            raise NamingError(
                f"`{text}` is neither a term nor a variant.",
                f"{nearest(text, known)} SQL needs the entity that it speaks of: --entity.",
            )
        return typed_in(text, entity, dialect)


def numbers_compared(prover: Prover, first: Side, second: Side) -> Truth:
    """Whether two measures add the same for every row. Raises NamingError when one of them is a condition."""
    if set(first.numbers) != set(second.numbers):
        raise NamingError(
            f"`{first.label}` and `{second.label}` are not made alike.",
            "Compare two conditions, or two measures that are both divided, or both not.",
        )
    assumed: set[str] = set()
    for name, number in first.numbers.items():
        truth = prover.measures(number, second.numbers[name], first.dialect, second.dialect)
        if not truth.holds:
            return truth
        assumed |= set(truth.assumptions)
    return Truth(True, tuple(sorted(assumed)))


def typed_in(sql: str, entity: Entity, dialect: str, number: bool = False) -> Side:
    """SQL that somebody typed in. Raises NamingError for slips; what is merely beyond the prover is left to it."""
    if dialect not in sqlglot.Dialect.classes:
        names = [name for name in sqlglot.Dialect.classes if name]
        raise NamingError(f"There is no SQL dialect `{dialect}`.", nearest(dialect, names))
    try:
        reading = (read_number if number else read_condition)(sql, entity, dialect)
    except SlipError as error:
        raise NamingError(f"`{sql}`: {error}.", f"Write a condition over the columns of {entity.entity}.") from error
    except UnreadableError:
        return Side(sql, entity, sql, dialect=dialect, numbers={"number": sql} if number else {})
    wrong = _wrong_type(reading, entity, "a number" if number else "a condition")
    if wrong is not None:
        raise NamingError(f"`{sql}` {wrong}", "Compare like with like; `definitions/entities` has the types.")
    return Side(sql, entity, sql, dialect=dialect, numbers={"number": sql} if number else {})


def _wrong_type(reading: Reading, entity: Entity, wanted: str) -> str | None:
    """What DuckDB finds wrong with the types, as far as it knows the functions."""
    named = [f"cast(? as {DUCKDB_TYPES[column.type]}) as {name}" for name, column in entity.columns.items()]
    typical = [None if column.typical is None else str(column.typical) for column in entity.columns.values()]
    try:
        sql = reading.tree.transform(_without_table).sql(dialect="duckdb")
    except SqlglotError:
        return None
    with in_memory() as connection:
        try:
            found = connection.execute(
                f"select x, typeof(x) from (select ({sql}) as x from (select {', '.join(named)}))", typical
            )
            kind = str((found.fetchone() or (None, "BOOLEAN"))[1])
        except (duckdb.BinderException, duckdb.ConversionException) as error:
            return "does not fit the columns' types: " + str(error).splitlines()[0].split(": ", 1)[-1].rstrip(".") + "."
        except duckdb.Error:
            return None
    if wanted == "a condition" and kind not in ("BOOLEAN", '"NULL"'):
        return f"is {kind.lower()}, not a condition."
    return None


def _without_table(node: sqlglot.Expression) -> sqlglot.Expression:
    return sqlglot.exp.column(node.name) if isinstance(node, sqlglot.exp.Column) else node
