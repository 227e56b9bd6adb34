"""What an entity declares of its columns, as conditions that are false on no row."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from plumbline.definitions.prover import calendar
from plumbline.definitions.prover.reading import Reading, UnreadableError, read_condition
from plumbline.definitions.prover.terms import (
    AnyOf,
    Column,
    Compare,
    IsNull,
    Not,
    Term,
    TextTest,
    Value,
    columns,
    literal,
)
from plumbline.definitions.schemas import Entity, EntityColumn


@dataclass(frozen=True)
class Fact:
    """A declared fact: as people read it, as a term, and what was read (for facts in SQL)."""

    shown: str
    term: Term
    reading: Reading | None = None


def all_facts(entity: Entity) -> list[Fact]:
    """Every declared fact. One that cannot be read is left out: fewer facts prove less, never something false."""
    facts = [fact for name, column in entity.columns.items() for fact in _of_column(name, column)]
    for name, criterion in entity.facts.items():
        try:
            reading = read_condition(criterion.sql, entity)
        except UnreadableError:
            continue
        facts.append(Fact(f"fact `{name}`: {criterion.sql}", reading.term, reading))
    return facts


def relevant(facts: list[Fact], names: set[str]) -> list[Fact]:
    """The facts that say something of these columns, or of columns that such facts tie to them."""
    reached = set(names)
    chosen: list[Fact] = []
    rest = list(facts)
    while True:
        found = [fact for fact in rest if columns(fact.term) & reached]
        if not found:
            return chosen
        chosen += found
        rest = [fact for fact in rest if fact not in found]
        reached = reached.union(*[columns(fact.term) for fact in found])


def _of_column(name: str, declared: EntityColumn) -> list[Fact]:
    column = Column(name, declared.type)
    facts = []
    if declared.not_null:
        facts.append(Fact(f"`{name}` is never NULL", Not(IsNull(column))))
    if declared.accepted_values is not None:
        options = tuple(TextTest(literal(value), column) for value in declared.accepted_values)
        facts.append(Fact(f"`{name}` is one of {', '.join(declared.accepted_values)}", AnyOf(options)))
    if declared.type in ("integer", "decimal"):
        if declared.min is not None:
            least = Value(Fraction(declared.min), "decimal")
            facts.append(Fact(f"`{name}` is at least {declared.min}", Compare("<=", least, column)))
        if declared.max is not None:
            most = Value(Fraction(declared.max), "decimal")
            facts.append(Fact(f"`{name}` is at most {declared.max}", Compare("<=", column, most)))
    return facts


def typical_value(declared: EntityColumn) -> bool | Fraction | int | str | None:
    """A column's typical value as terms hold values; None where it is not of the column's type."""
    typical = declared.typical
    match declared.type:
        case "boolean":
            return typical if isinstance(typical, bool) else None
        case "integer" | "decimal":
            if isinstance(typical, bool) or not isinstance(typical, int | float | Decimal):
                return None
            return Fraction(str(typical))
        case "date":
            if isinstance(typical, datetime):
                return calendar.days(typical.date())
            return calendar.days(typical) if isinstance(typical, date) else None
        case "timestamp":
            if isinstance(typical, datetime):
                return calendar.microseconds(typical.replace(tzinfo=None))
            if isinstance(typical, date):
                return calendar.days(typical) * calendar.DAY
            return None
    return typical if isinstance(typical, str) else None
